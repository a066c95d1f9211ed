// SPDX-License-Identifier: GPL-2.0-only
// What the file holds, as the parts of the page want it.
import { byId } from "./dom.js";

export const data = JSON.parse(byId("data").textContent);

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

function whyOf(item) {
	if (item.drop) {
		const { where, reason } = item.drop;
		return `dropped${where ? ` in ${where}` : ""}${reason ? ` (${reason})` : ""}`;
	}
	return item.error ?? "";
}

function makePing(item) {
	const { ping, recording } = item;
	const stages = placeStages(ping);
	const header = data.recordings[recording].header;
	return {
		...item, ...ping, key: `${recording}:${ping.number}`, stages, header,
		good: good.has(ping.end), largest: largestOf(stages), why: whyOf(item),
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

// The one to look at first: what failed, else the slowest.
export const worst = pings.filter((ping) => ping.drawn).reduce((most, ping) => {
	if (!most || (most.good && !ping.good)) return ping;
	return most.good === ping.good && ping.span_ns > most.span_ns ? ping : most;
}, null);

// The worst of those that came through, which has a whole way to show.
export const slowest = pings.filter((ping) => ping.drawn && ping.good)
	.reduce((most, ping) => (!most || ping.span_ns > most.span_ns ? ping : most), null);

export const several = data.recordings.length > 1;
