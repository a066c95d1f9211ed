// SPDX-License-Identifier: GPL-2.0-only
// The swim lanes of one ping: time to the right, layers as lanes.
import * as Plot from "@observablehq/plot";
import { symbolCircle, symbolTimes, ticks } from "d3";
import { homeOf, lanes, stageColour } from "./data.js";
import { el } from "./dom.js";
import { percent, time, timeAmong } from "./format.js";
import { LETTER, labelsOf, layOut } from "./layout.js";
import { y } from "./steps.js";
import { addTips } from "./tips.js";

const LANE = 50; // pixels
const HEAD = 2.1; // lanes above the first one: legs, stages
const NARROWEST = 700;
const TICK = 64; // pixels from one to the next

export const marks = { fired: "fired", seen: "in a call path", inferred: "inferred" };

const as = (value) => ({ value, scale: null });
const span = { x1: "x1", x2: "x2", clip: true };
const box = { ...span, rx: 3, insetLeft: 0.5, insetRight: 0.5 };

const legColour = (leg) => `var(--leg-${leg === "udp" ? "request" : leg})`;
const stepColour = (step) => (step.died ? "var(--bad)" : legColour(step.leg));
const barColour = as((bar) => stageColour(bar.stage));
const sideColour = as(({ leg, side }) => (side === "sender" ? legColour(leg)
	: `color-mix(in srgb, ${legColour(leg)} 76%, black)`));

// The text that fits, or none.
function fit(width, ...texts) {
	return texts.find((text) => text.length * LETTER + 5 <= width) ?? "";
}

function laneMarks({ domain, bars, largest }) {
	return [
		Plot.rect(lanes, { x1: domain[0], x2: domain[1], y1: (_, i) => i, y2: (_, i) => i + 1,
			fill: as((_, i) => (i % 2 ? "var(--lane-odd)" : "var(--lane-even)")) }),
		Plot.text(lanes, { x: domain[0], y: (_, i) => i + 0.5, text: "title", textAnchor: "end", dx: -8,
			fill: "var(--text)", fontWeight: 600, fontSize: 11.5 }),
		Plot.rect(bars, { ...span, y1: (bar) => homeOf(bar.stage)[0], y2: (bar) => homeOf(bar.stage)[1] + 1,
			fill: barColour, fillOpacity: 0.2 }),
		Plot.rect(largest, { ...span, y1: -1.3, y2: lanes.length, fill: "none",
			stroke: barColour, strokeWidth: 1.5, strokeDasharray: "4 3" }),
	];
}

function headMarks({ ping, bars, legs }) {
	const share = (bar) => `${time(bar.ns)} (${percent(bar.ns, ping.span_ns)})`;
	const name = { x: "middle", fontWeight: 700 };
	return [
		Plot.rect(legs, { ...box, y1: -2.05, y2: -1.55, fill: sideColour }),
		Plot.text(legs, { ...name, y: -1.8, fill: "var(--on-leg)",
			text: ({ leg, side, pixels }) => fit(pixels, `${leg}, ${side}`, leg) }),
		Plot.rect(bars, { ...box, y1: -1.25, y2: -0.25, fill: barColour }),
		Plot.text(bars, { ...name, y: -0.93, fill: "var(--on-stage)", text: (bar) => fit(bar.pixels, bar.stage) }),
		Plot.text(bars, { x: "middle", y: -0.57, fill: "var(--on-stage)",
			text: (bar) => fit(bar.pixels, share(bar), time(bar.ns)) }),
	];
}

function stepMarks({ ping, steps, way, pixel, width, margins: [left, right] }) {
	const nameOf = (step) => (step.died ? ping.drop?.reason ?? "dropped" : step.name);
	const labels = labelsOf(steps, nameOf, (step) => pixel(step.x), [left, width - right]);
	const label = (anchor, dx) => Plot.text(labels.filter((one) => one.anchor === anchor), {
		x: "x", y, text: "label", dx, textAnchor: anchor, fontSize: 10.5,
		fill: as((step) => (step.died ? "var(--bad)" : step.timed ? "var(--text)" : "var(--dim)")),
		stroke: "var(--card)", strokeWidth: 2.5, strokeOpacity: 0.75,
	});
	return [
		Plot.line(way, { x: "x", y: "y", z: null, strokeWidth: 1.3, strokeOpacity: 0.65, clip: true,
			stroke: as((point) => legColour(point.leg)) }),
		Plot.dot(steps, { x: "x", y, sort: null, strokeWidth: 1.6, stroke: as(stepColour),
			fill: as((step) => (step.mark === "seen" ? "var(--card)" : stepColour(step))),
			symbol: as((step) => (step.died ? symbolTimes : symbolCircle)),
			r: as((step) => (step.died ? 9 : step.mark === "inferred" ? 2.4 : 4.4)) }),
		label("start", 8), label("end", -10),
	];
}

// Where steps are evenly wide, ticks are at steps that were timed.
function timeAxis({ steps, view, pixel, domain }) {
	const axis = { anchor: "bottom", label: null, tickSize: 4 };
	if (!view.even) {
		const values = ticks(...domain, 8);
		return Plot.axisX(values, { ...axis, tickFormat: (at) => timeAmong(at, values[1] - values[0]) });
	}
	const at = new Map();
	let last = -Infinity;
	for (const step of steps.filter(({ timed }) => timed)) {
		if (pixel(step.x) < last + TICK) continue;
		last = pixel(step.x);
		at.set(step.x, step.at);
	}
	return Plot.axisX([...at.keys()], { ...axis, tickFormat: (x) => time(at.get(x)) });
}

function plot(layout) {
	const height = (lanes.length + HEAD) * LANE;
	const [marginLeft, marginRight] = layout.margins;
	const svg = Plot.plot({
		width: layout.width, height: height + 26, marginLeft, marginRight, marginTop: 2, marginBottom: 24,
		x: { domain: layout.domain, type: "linear" },
		y: { domain: [-HEAD, lanes.length], range: [2, height], axis: null },
		style: { background: "none", color: "var(--text)", overflow: "hidden", fontSize: "11px" },
		ariaLabel: `Swim lanes of ping ${layout.ping.number}`,
		marks: [...laneMarks(layout), ...headMarks(layout), timeAxis(layout), ...stepMarks(layout)],
	});
	svg.style.maxWidth = "none"; // it scrolls rather than shrinks
	return svg;
}

function tipOf(ping, step) {
	const when = !step.timed ? "not timed: placed between the timed ones"
		: step.seen < 0 ? `${time(-step.seen)} before the ping` : `${time(step.seen)} after the ping began`;
	return {
		title: step.name,
		lines: [
			step.help ? { text: step.help, strong: true } : { text: "not in icmpx's list of functions" },
			step.died && ping.dropped && { text: ping.dropped, bad: true },
			{ text: `${marks[step.mark]}; ${step.layer === "other" ? "no layer" : step.layer}; ` +
				`${step.leg}, ${step.side}` },
			{ text: when + (step.took ? `; took ${time(step.took)}` : "") },
			step.details && { text: step.details },
			step.hop.task && step.timed && { text: `${step.hop.task}[${step.hop.tid}]` },
		].filter(Boolean),
	};
}


// view: as of layOut()
export function drawLanes(host, ping, view, outerWidth) {
	if (!ping.largest) {
		host.replaceChildren(el("p", { class: "hint" }, "Of this ping too little was seen to draw it."));
		return;
	}
	const layout = layOut(ping, view, Math.max(outerWidth, NARROWEST));
	const svg = plot(layout);
	host.replaceChildren(el("div", { class: "scroller", role: "region", "aria-label": "The way through the layers",
		tabindex: layout.width > outerWidth ? 0 : null }, svg));
	addTips(host, svg, layout.steps, (step) => tipOf(ping, step));
}
