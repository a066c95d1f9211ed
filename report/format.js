// SPDX-License-Identifier: GPL-2.0-only
// Numbers as people read them.

const units = [["ns", 1], ["µs", 1e3], ["ms", 1e6], ["s", 1e9]];

// Three digits and a unit: 850 ns, 12.3 µs, 1.23 ms.
export function time(ns) {
	if (!ns) return "0";
	const size = Math.abs(ns);
	const [unit, one] = units.findLast(([, of]) => size >= of * 0.9995) ?? units[0];
	const value = ns / one;
	const digits = one === 1 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
	return `${value.toFixed(digits)}\u00a0${unit}`;
}

// As one of several that are `apart` from each other: with as many digits as tell them from each other.
export function timeAmong(ns, apart) {
	if (!apart) return time(ns);
	const [unit, one] = units.findLast(([, of]) => Math.abs(ns) >= of * 0.9995) ?? units[0];
	const digits = Math.max(0, Math.ceil(-Math.log10(apart / one) - 1e-9));
	return Number(ns.toFixed(3)) ? `${(ns / one).toFixed(digits)}\u00a0${unit}` : "0";
}

export function percent(part, whole) {
	if (!whole) return "";
	const value = Math.round((100 * part) / whole);
	return `${part && !value ? "<1" : value === 100 && part < whole ? ">99" : value}\u00a0%`;
}

export const words = (name) => name.replaceAll("_", " ");

export const plural = (count, one, many = `${one}s`) =>
	`${count.toLocaleString("en")} ${count === 1 ? one : many}`;

export const clock = (epochNs) => new Date(epochNs / 1e6).toISOString().slice(11, 23);

export const day = (epochNs) => new Date(epochNs / 1e6).toISOString().slice(0, 19).replace("T", " ");
