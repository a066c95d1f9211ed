// SPDX-License-Identifier: GPL-2.0-only
// The table of all pings.
import { data, pings, several, stageColour } from "./data.js";
import { byId, el, field, swatch } from "./dom.js";
import { clock, percent, plural, time, words } from "./format.js";
import { Table } from "./table.js";
import { onPing, showPing } from "./way.js";

let current = null;

function numberCell(ping) {
	if (!ping.drawn) return String(ping.number);
	return el("button", { type: "button", class: "link", "aria-label": `Show ping ${ping.number}`,
		onclick: () => showPing(ping, true) }, `#${ping.number}`);
}

function largestCell(ping) {
	const { largest } = ping;
	return largest ? el("span", {}, swatch(stageColour(largest.stage)), `${largest.stage} ${time(largest.ns)} `,
		el("small", {}, percent(largest.ns, ping.span_ns))) : "";
}

const columns = [
	{ title: "#", value: (ping) => ping.number, cell: numberCell, class: "number" },
	several && { title: "Recording", value: (ping) => data.recordings[ping.recording].name },
	{ title: "Time (UTC)", value: (ping) => ping.epoch, text: (ping) => clock(ping.epoch), class: "number" },
	{ title: "End", value: (ping) => words(ping.end),
		cell: (ping) => el("span", { class: ping.good ? "good" : "bad" }, words(ping.end)) },
	{ title: "Took", value: (ping) => ping.span_ns, text: (ping) => time(ping.span_ns), class: "number" },
	{ title: "Largest stage", value: (ping) => ping.largest?.ns ?? 0,
		text: (ping) => ping.largest?.stage ?? "", cell: largestCell },
	{ title: "Answered", value: (ping) => (ping.at_driver ? "at the driver" : ping.good ? "by the stack" : "") },
	{ title: "Source", value: (ping) => ping.source },
	{ title: "Destination", value: (ping) => ping.destination },
	{ title: "Id", value: (ping) => ping.id ?? ping.source_port, class: "number" },
	{ title: "Seq", value: (ping) => ping.seq ?? ping.destination_port, class: "number" },
	{ title: "Bytes", value: (ping) => ping.bytes, class: "number" },
	{ title: "Process", value: (ping) => ping.process?.name ?? "" },
	{ title: "Why", value: (ping) => ping.why, class: "wide" },
].filter(Boolean);

function chooser(names) {
	return el("select", {}, el("option", { value: "" }, "all"),
		...names.map((name) => el("option", { value: name }, words(name))));
}

function leftOut() {
	const rest = data.pings - pings.length;
	const drawn = pings.filter((ping) => ping.drawn).length;
	const notes = [];
	if (rest) notes.push(`${plural(rest, "ping")} of ${data.pings.toLocaleString("en")} ` +
		`${rest === 1 ? "is" : "are"} not in the table: it has those that failed, the slowest, and each so many-th ` +
		"of the others. The stages above are of all.");
	if (drawn < pings.length) notes.push(`${plural(drawn, "ping")} ${drawn === 1 ? "has its" : "have their"} hops ` +
		"in this file and can be shown above, chosen likewise: those whose number is a link.");
	return el("div", { class: "hint", id: "left-out" }, ...notes.map((note) => el("p", {}, note)));
}

export function startPings() {
	const ends = [...new Set(pings.map((ping) => ping.end))].sort();
	const end = chooser(ends);
	const way = chooser(["by the stack", "at the driver"]);
	const table = new Table({
		caption: "All pings", columns, rows: pings, controls: [field("End", end), field("Answered", way)],
		rowClass: (ping) => (ping === current ? "current" : null),
	});
	table.keep = (ping) => (!end.value || ping.end === end.value) &&
		(!way.value || ping.at_driver === (way.value === "at the driver"));
	for (const select of [end, way]) select.addEventListener("change", () => table.draw());
	onPing((ping) => {
		current = ping;
		table.draw();
	});
	byId("pings").lastElementChild.append(leftOut(), table.element);
}
