// SPDX-License-Identifier: GPL-2.0-only
// What the file holds, as the parts of the page want it.
import { byId } from "./dom.js";

// What would turn the text around it: names may have it, to be read as others.
const turns = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const straight = (_, value) => (typeof value === "string" ? value.replace(turns, "?") : value);

export const data = JSON.parse(byId("data").textContent, straight);

export const lanes = [
	{ name: "user", layers: ["user"], title: "user", about: "the process and its system calls" },
	{ name: "sched", layers: ["sched"], title: "scheduler", about: "the reader is woken and runs" },
	{ name: "socket", layers: ["syscall", "socket"], title: "socket", about: "system call and socket" },
	{ name: "transport", layers: ["transport"], title: "transport", about: "raw, ping, ICMP, UDP" },
	{ name: "ip", layers: ["ip"], title: "IP", about: "IP, routing, neighbours" },
	{ name: "softirq", layers: ["softirq"], title: "softirq", about: "receive softirq" },
	{ name: "link", layers: ["link"], title: "link", about: "link and driver" },
	{ name: "wire", layers: ["wire"], title: "wire", about: "between two devices" },
];

export const laneOf = (layer) => lanes.findIndex((lane) => lane.layers.includes(layer));

// Which lanes the time of a stage is spent in.
const homes = {
	send: ["socket", "ip"], neighbour: ["ip", "ip"], queue: ["link", "link"],
	driver: ["link", "wire"], wire: ["wire", "wire"], softirq: ["softirq", "softirq"],
	xdp: ["link", "link"], receive: ["socket", "softirq"], icmp: ["transport", "ip"],
	transmit: ["transport", "link"], forward: ["ip", "ip"], wait: ["socket", "socket"],
	wakeup: ["sched", "sched"], read: ["user", "transport"], copy: ["user", "socket"],
	other: ["user", "wire"],
};

export function homeOf(stage) {
	const [top, bottom] = homes[stage] ?? homes.other;
	return [laneOf(top), laneOf(bottom)];
}

export const stageColour = (stage) => `var(--stage-${stage in homes ? stage : "other"})`;

const good = new Set(["complete", "received", "answered"]);

// Where each stage lies: they are in order and sum to the span.
function placeStages(ping) {
	let from = ping.first_ns;
	return ping.stages.map((stage) => {
		const placed = { ...stage, from, to: from + stage.ns };
		from = placed.to;
		return placed;
	});
}

function largestOf(stages) {
	return stages.reduce((most, stage) => (!most || stage.ns > most.ns ? stage : most), null);
}

function dropOf({ drop }) {
	if (!drop) return "";
	const { where, reason } = drop;
	return `dropped${where ? ` in ${where}` : ""}${reason ? ` (${reason})` : ""}`;
}

function whyOf(item) {
	const why = [dropOf(item), item.error];
	if (item.ping.end !== "dropped") why.reverse();
	return why.filter(Boolean).join("; ");
}

function makePing(item) {
	const { ping, recording } = item;
	const stages = placeStages(ping);
	const header = data.recordings[recording].header;
	return {
		...item, ...ping, key: `${recording}:${ping.number}`, stages, header,
		good: good.has(ping.end), largest: largestOf(stages), dropped: dropOf(item), why: whyOf(item),
		epoch: ping.first_ns + header.epoch_offset_ns,
		drawn: "frames" in item,
	};
}

// A ping may be there twice: with its hops and without.
function collect() {
	const byKey = new Map();
	for (const item of [...data.rows, ...data.drawn]) {
		const ping = makePing(item);
		if (ping.drawn || !byKey.has(ping.key)) byKey.set(ping.key, ping);
	}
	return [...byKey.values()].sort((a, b) => a.recording - b.recording || a.number - b.number);
}

// What a probe's function does; what its two numbers are is said in words elsewhere.
export const helpOf = (probe) => data.probes[probe]?.replace(/; \[0\].*/, "") ?? null;

export const pings = collect();

// What is known to have failed comes before what was not seen to its end.
const gravity = (ping) => ({ dropped: 3, error: 3, no_reply: 2 })[ping.end] ?? (ping.good ? 0 : 1);

// The one to look at first: what failed, else the slowest.
export const byGravity = (a, b) => gravity(b) - gravity(a) || b.span_ns - a.span_ns;

export const worst = pings.filter((ping) => ping.drawn).sort(byGravity)[0] ?? null;

// The worst of those that came through, which has a whole way to show.
export const slowest = pings.filter((ping) => ping.drawn && ping.good)
	.reduce((most, ping) => (!most || ping.span_ns > most.span_ns ? ping : most), null);

export const several = data.recordings.length > 1;
