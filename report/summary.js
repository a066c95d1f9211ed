// SPDX-License-Identifier: GPL-2.0-only
// What there is, at a glance, and what the recordings are.
import { byGravity, data, pings, several } from "./data.js";
import { byId, el } from "./dom.js";
import { day, percent, plural, time, words } from "./format.js";
import { flowOf, showPing } from "./way.js";

const FAILED = 5; // that are named

const sum = (of) => data.recordings.reduce((total, recording) => total + of(recording.end), 0);

function tile(title, value, more, bad) {
	return el("div", { class: bad ? "tile alarm" : "tile" }, el("b", {}, value), el("span", {}, title),
		more ? el("small", {}, more) : "");
}

function failedElement(failed, count) {
	const named = failed.slice(0, FAILED).map((ping) => el("li", {},
		ping.drawn ? el("button", { type: "button", class: "link", onclick: () => showPing(ping, true) },
			flowOf(ping)) : flowOf(ping),
		` ${ping.why || words(ping.end)}`,
		ping.drop?.cause ? el("small", {}, ` — ${ping.drop.cause}`) : ""));
	return el("div", { class: "callout failed" }, el("div", {},
		el("p", {}, el("b", {}, `${plural(count, "ping")} failed or ${count === 1 ? "was" : "were"} not seen whole`)),
		el("ul", {}, ...named),
		count > named.length ? el("p", { class: "hint" }, `and ${count - named.length} more, in the table below`) : ""));
}

function notes() {
	const lost = sum((end) => end.lost);
	return [
		...data.recordings.filter(({ damage }) => damage).map(({ name, damage }) =>
			`${name} is damaged (${damage}); what there is of it is shown.`),
		lost ? `${plural(lost, "record")} of the trace ${lost === 1 ? "is" : "are"} lost: hops may be missing.` : "",
	].filter(Boolean);
}

function about() {
	const [{ name, header }] = data.recordings;
	if (several) return `${data.recordings.length} recordings: ${data.recordings.map((one) => one.name).join(", ")}`;
	return `${name}: Linux ${header.kernel}, ${day(header.started_ns + header.epoch_offset_ns)} UTC`;
}

export function startSummary() {
	const { rtt } = data.stats;
	const good = sum(({ ends }) => ends.complete + ends.received + ends.answered);
	const failed = pings.filter((ping) => !ping.good).sort(byGravity);
	byId("about").textContent = about();
	byId("version").textContent = data.icmpx;
	document.title = `icmpx report: ${data.recordings.map(({ name }) => name.split("/").at(-1)).join(", ")}`;
	byId("summary").append(
		el("div", { class: "tiles" },
			tile(data.pings === 1 ? "ping" : "pings", data.pings.toLocaleString("en")),
			tile("came through", percent(good, data.pings) || "0", plural(data.pings - good, "other"), good < data.pings),
			rtt ? tile("median round trip", time(rtt.p50_ns), `p99 ${time(rtt.p99_ns)}`) : "",
			rtt ? tile("slowest", time(rtt.max_ns)) : "",
			data.at_driver ? tile("at the driver", data.at_driver.toLocaleString("en"), "by the fast path") : ""),
		failed.length ? failedElement(failed, data.pings - good) : "",
		...notes().map((note) => el("div", { class: "callout failed" }, el("p", {}, note))));
}

function recordingElement({ name, damage, header, end }) {
	const facts = [
		["Kernel", `Linux ${header.kernel} ${header.machine}`],
		["Begun", `${day(header.started_ns + header.epoch_offset_ns)} UTC`],
		["Backend", `${header.backend}${header.method ? ` (${header.method})` : ""}, ` +
			`${header.probes} of ${header.possible} probes`],
		header.why && ["Not more, since", header.why],
		header.missing.length && ["Not in this kernel", header.missing.join(", ")],
		["Inferred", header.inferred_kernel ? `as measured on ${header.inferred_kernel} ${header.inferred_machine}`
			: "as read in the sources"],
		["Pings", Object.entries(end.ends).filter(([, count]) => count)
			.map(([what, count]) => `${count} ${words(what)}`).join(", ") || "none"],
		["Events", `${end.events}; ${end.lost} lost, ${end.orphans} of no ping, ${end.late} late`],
		damage && ["Damaged", damage],
		["icmpx", header.icmpx],
	].filter(Boolean);
	return el("div", { class: "recording" }, el("h3", {}, name),
		el("dl", {}, ...facts.flatMap(([title, value]) => [el("dt", {}, title), el("dd", {}, value)])));
}

export function startRecordings() {
	byId("recordings").lastElementChild.append(el("div", { class: "cards wide" },
		...data.recordings.map(recordingElement)));
}
