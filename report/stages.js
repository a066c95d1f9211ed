// SPDX-License-Identifier: GPL-2.0-only
// How long each stage was, over all pings.
import * as Plot from "@observablehq/plot";
import { data, stageColour } from "./data.js";
import { byId, el, onWidth, swatch } from "./dom.js";
import { percent, plural, time } from "./format.js";

function histogram(summary, colour, width, domain) {
	const most = Math.max(...summary.histogram.map((bucket) => bucket.count));
	return Plot.plot({
		width, height: 96, marginLeft: 30, marginRight: 8, marginTop: 8, marginBottom: 22,
		x: { type: "log", domain, label: null, ticks: 4, tickFormat: time },
		y: { label: null, ticks: Math.min(3, most), tickFormat: "d", grid: true, domain: [0, most] },
		style: { background: "none", color: "var(--dim)", overflow: "visible", fontSize: "10px" },
		ariaLabel: "Histogram", ariaDescription: `median ${time(summary.p50_ns)}, at most ${time(summary.max_ns)}`,
		marks: [
			Plot.rectY(summary.histogram, { x1: (d) => Math.max(d.from_ns, 1), x2: (d) => Math.max(d.to_ns, 2),
				y: "count", fill: { value: () => colour, scale: null }, inset: 0.5,
				title: (d) => `${plural(d.count, "ping")}: ${time(d.from_ns)} to ${time(d.to_ns)}` }),
			Plot.ruleX([Math.max(summary.p50_ns, 1)], { stroke: "var(--text)", strokeWidth: 1.5, strokeDasharray: "3 2" }),
			Plot.ruleY([0], { stroke: "var(--dim)" }),
		],
	});
}

function card(title, about, summary, colour, whole, domain) {
	const chart = el("div", { class: "chart" });
	onWidth(chart, (width) => chart.replaceChildren(histogram(summary, colour, width, domain)));
	return el("figure", { class: "card" },
		el("figcaption", {}, swatch(colour), el("b", {}, title),
			el("span", { class: "share" }, whole ? percent(summary.sum_ns, whole) : ""), el("small", {}, about)),
		chart,
		el("p", { class: "numbers" }, ...["p50", "p90", "p99", "max"].map((name) =>
			el("span", {}, el("small", {}, name), time(summary[`${name}_ns`])))));
}

export function startStages() {
	const { rtt, stages } = data.stats;
	const host = byId("stages").lastElementChild;
	const all = [...(rtt ? [rtt] : []), ...stages].flatMap(({ histogram: list }) => list);
	if (!all.length) {
		host.append(el("p", {}, "There are none."));
		return;
	}
	const domain = [Math.max(1, Math.min(...all.map((d) => d.from_ns))), Math.max(...all.map((d) => d.to_ns))];
	const sum = stages.reduce((total, stage) => total + stage.sum_ns, 0);
	host.append(
		el("p", { class: "hint" }, `${plural(data.stats.pings, "ping")}; how many took how long, on one logarithmic ` +
			"scale for all. Dashed: the median. Per cent: of the time of all pings."),
		el("div", { class: "cards" },
			rtt ? card("round trip", "from the first hop to the last", rtt, "var(--accent)", 0, domain) : "",
			...stages.map((stage) => card(`${stage.stage}, ${stage.leg}`, data.stages[stage.stage], stage,
				stageColour(stage.stage), sum, domain))));
}
