// SPDX-License-Identifier: GPL-2.0-only
// A ping's functions -> steps of the chart: when, in which lane and row of it.
import { scaleLinear } from "d3";
import { helpOf, laneOf } from "./data.js";

const ROWS = 4; // of a lane: steps that are close in time are drawn one below the other

// What was not timed lies between the timed ones around it: evenly.
function spread(steps, first) {
	let last = first;
	for (let at = 0; at < steps.length; ) {
		let end = at;
		while (end < steps.length && !steps[end].timed) end++;
		const next = end < steps.length ? Math.max(steps[end].time, last) : last;
		for (let i = at; i < end; i++)
			steps[i].time = last + ((next - last) * (i - at + 1)) / (end - at + 1);
		if (end < steps.length) steps[end].time = last = next;
		at = end + 1;
	}
}

// Where a process enters the kernel and leaves it.
const calls = new Set(["sys_enter", "sys_exit"]);

function explain(frame, hop) {
	if (hop.probe === "sys_enter" && frame.mark === "fired") return "a system call that moves the packet: it begins";
	return helpOf(frame.probe);
}

function makeStep(ping, frame) {
	const hop = ping.hops[frame.hop] ?? {};
	const lane = laneOf(calls.has(hop.probe) && frame.mark === "fired" ? "user" : frame.layer);
	return {
		name: frame.name, mark: frame.mark, layer: frame.layer, lane,
		help: explain(frame, hop), details: frame.details ?? "",
		took: frame.took_ns, timed: frame.mark === "fired", beside: frame.beside === true,
		time: hop.time_ns, beforeAnswer: frame.before_answer === true, leg: hop.leg, side: hop.side, copy: hop.copy, hop,
		died: hop.probe === "kfree_skb" && !hop.benign && frame.mark === "fired",
	};
}

const kernel = laneOf("syscall"); // its first lane

// What is in no lane ("other": where a packet is freed) is drawn where the packet was before.
function fillLanes(steps) {
	let last = steps.find((step) => step.lane >= 0)?.lane ?? 0;
	for (const step of steps) {
		if (step.lane < 0) step.lane = Math.max(last, kernel);
		last = step.lane;
	}
}

// Who makes the answer is called by those that had the packet that is answered.
function keepLegs(steps) {
	steps.forEach((step, i) => {
		if (step.beforeAnswer && i) step.leg = steps[i - 1].leg;
	});
}

export function stepsOf(ping) {
	const steps = ping.frames.map((frame) => makeStep(ping, frame)).filter((step) => step.hop.leg);
	spread(steps, ping.first_ns);
	fillLanes(steps);
	keepLegs(steps);
	steps.forEach((step, index) => {
		step.index = index;
		step.at = step.time - ping.first_ns;
		step.seen = step.hop.time_ns - ping.first_ns; // how its socket was made comes before the ping
	});
	return steps;
}

// ns since the beginning -> where that is if each step is as wide as the next.
export function evenScale(steps) {
	const domain = [], range = [];
	for (const step of steps)
		if (step.timed && (!domain.length || step.at > domain.at(-1))) {
			domain.push(step.at);
			range.push(step.order);
		}
	if (domain.length < 2) return (at) => at;
	return scaleLinear(domain, range);
}

// Gives each step its row; x(step): its place in pixels.
export function giveRows(steps, x, apart) {
	const last = new Map();
	for (const step of steps) {
		const rows = last.get(step.lane) ?? new Array(ROWS).fill(-Infinity);
		last.set(step.lane, rows);
		let row = rows.findIndex((end) => end + apart <= x(step));
		if (row < 0) row = rows.indexOf(Math.min(...rows));
		rows[row] = x(step);
		step.row = row;
	}
}

export const y = (step) => step.lane + (step.row + 0.75) / (ROWS + 0.5);
