// SPDX-License-Identifier: GPL-2.0-only
// The same ping through the stack and at the driver: of each the one in the middle.
import * as Plot from "@observablehq/plot";
import { data, pings, several, stageColour } from "./data.js";
import { byId, el, onWidth } from "./dom.js";
import { plural, time } from "./format.js";
import { showPing } from "./way.js";

const MOST = 4; // pairs
const LETTER = 6;

const sorted = (list, of) => [...list].sort((a, b) => of(a) - of(b));

// The one in the middle; of an even number the lower one.
const middle = (list, of) => sorted(list, of)[(list.length - 1) >> 1];

function median(list, of) {
	const values = sorted(list, of).map(of);
	const at = values.length >> 1;
	return values.length % 2 ? values[at] : (values[at - 1] + values[at]) / 2;
}

// What the responder does between its receive softirq and handing the answer to the driver.
const answers = (stage) => stage.side === "responder" && !["driver", "softirq"].includes(stage.stage);

const answering = (ping) => ping.stages.filter(answers).reduce((sum, stage) => sum + stage.ns, 0);

function answerOf({ label, ping }) {
	const list = ping.stages.filter(answers);
	return { label, x1: list[0].from - ping.first_ns, x2: list.at(-1).to - ping.first_ns };
}

// Same ends, same length, in one recording.
function pairs() {
	const flows = new Map();
	for (const ping of pings.filter((one) => one.good && one.stages.some(answers))) {
		const key = [ping.recording, ping.source, ping.destination, ping.bytes].join(" ");
		if (!flows.has(key)) flows.set(key, [[], []]);
		flows.get(key)[Number(ping.at_driver)].push(ping);
	}
	return [...flows.values()].filter(([stack, driver]) => stack.length && driver.length)
		.sort((a, b) => b.flat().length - a.flat().length);
}

function bars(rows, width) {
	const stages = rows.flatMap(({ label, ping }) => ping.stages.map((stage) => ({
		...stage, label, x1: stage.from - ping.first_ns, x2: stage.to - ping.first_ns })));
	const most = Math.max(...rows.map(({ ping }) => ping.span_ns));
	const narrow = width < 560;
	const left = narrow ? 8 : 132, right = 66;
	const pixels = (ns) => (ns / most) * (width - left - right);
	const channel = (value) => ({ value, scale: null });
	return Plot.plot({
		width, height: narrow ? 176 : 120, marginLeft: left, marginRight: right, marginTop: 4, marginBottom: 24,
		x: { domain: [0, most], label: null, tickFormat: time, ticks: narrow ? 3 : 8 },
		y: { domain: rows.map(({ label }) => label), axis: null, padding: narrow ? 0.6 : 0.2 },
		style: { background: "none", color: "var(--text)", overflow: "visible", fontSize: "11.5px" },
		ariaLabel: "Stages of the two pings",
		marks: [
			Plot.barX(stages, { x1: "x1", x2: "x2", y: "label", fill: channel((d) => stageColour(d.stage)),
				insetLeft: 0.5, title: (d) => `${d.stage} ${time(d.ns)}: ${data.stages[d.stage]}` }),
			Plot.barX(rows.map(answerOf), { x1: "x1", x2: "x2", y: "label", fill: "none", stroke: "var(--text)",
				strokeWidth: 2, inset: -2 }),
			Plot.text(stages, { x: (d) => (d.x1 + d.x2) / 2, y: "label", fill: "var(--on-stage)", fontWeight: 600,
				text: (d) => (d.stage.length * LETTER + 4 < pixels(d.ns) ? d.stage : ""), pointerEvents: "none" }),
			Plot.text(rows, { x: 0, y: "label", text: "label", fontWeight: 600, fill: "var(--text)",
				textAnchor: narrow ? "start" : "end", dx: narrow ? 0 : -8, dy: narrow ? -27 : 0 }),
			Plot.text(rows, { x: ({ ping }) => ping.span_ns, y: "label", text: ({ ping }) => time(ping.span_ns),
				textAnchor: "start", dx: 6, fill: "var(--text)" }),
		],
	});
}

function pairElement([stack, driver]) {
	const rows = [[stack, "through the stack"], [driver, "at the driver"]].map(([list, label]) => ({
		label, list, ping: middle(list, (ping) => ping.span_ns), answering: median(list, answering) }));
	const chart = el("div", { class: "chart" });
	const [slow, fast] = rows;
	const { source, destination, bytes, recording } = slow.ping;
	onWidth(chart, (width) => chart.replaceChildren(bars(rows, width)));
	return el("div", { class: "pair" },
		el("h3", {}, `${source} → ${destination}, ${bytes} bytes${several ? ` (${data.recordings[recording].name})` : ""}`),
		el("p", { class: "lead" }, "To answer, the responder takes ",
			el("b", {}, time(slow.answering)), " through the stack, ",
			el("b", {}, time(fast.answering)), " at the driver",
			fast.answering < slow.answering ? `: ${(slow.answering / fast.answering).toFixed(1)} times as fast. ` : ". ",
			el("small", {}, `Medians of ${plural(stack.length, "ping")} and of ${driver.length}; ` +
				"from the packet's receipt to the answer's hand-over to the driver.")),
		chart,
		el("p", { class: "buttons" }, el("span", { class: "hint" }, "Drawn are those in the middle, by their round trips; framed is the answer."),
			...rows.filter(({ ping }) => ping.drawn).map(({ ping, label }) => el("button", {
				type: "button", onclick: () => showPing(ping, true) }, `Its way ${label}`))));
}

export function startBoth() {
	const list = pairs();
	if (!list.length) return;
	byId("both").hidden = false;
	byId("both").lastElementChild.append(...list.slice(0, MOST).map(pairElement),
		list.length > MOST ? el("p", { class: "hint" }, `${plural(list.length - MOST, "more pair")} left out.`) : "");
}

