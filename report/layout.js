// SPDX-License-Identifier: GPL-2.0-only
// Where in the swim lanes everything is, in the units of the chart's scales and in pixels.
import { lanes } from "./data.js";
import { evenScale, giveRows, stepsOf, y } from "./steps.js";

export const LETTER = 6.2; // pixels of a label
const LEFT = 78, RIGHT = 16; // margins
const APART = 11, APART_EVEN = 40; // pixels from mark to mark in a row
const CLOSER = 0.06; // what is seen to either side of a stage that is looked at, of its width

// Neighbours of one leg and side.
function legsOf(ping) {
	const legs = [];
	for (const { leg, side, from, to } of ping.stages) {
		const last = legs.at(-1);
		if (last && last.leg === leg && last.side === side) last.to = to;
		else legs.push({ leg, side, from, to });
	}
	return legs;
}

// Without what goes on where the packet is no more: a driver returns at the side that it has left,
// a request is freed when there is an answer.
function onTheWay(steps) {
	const left = new Set();
	let last = null;
	return steps.filter((step) => {
		if (step.beside || (step.layer === "other" && !step.died)) return false;
		if (left.has(step.leg) || left.has(`${step.leg} ${step.side}`)) return false;
		if (last && last.leg !== step.leg) left.add(last.leg);
		else if (last && last.side !== step.side) left.add(`${last.leg} ${last.side}`);
		last = step;
		return true;
	});
}

// The way as a line; between two sides it goes by the wire.
function wayOf(steps) {
	const way = [];
	const wire = lanes.length - 0.5;
	let last = null;
	for (const step of onTheWay(steps)) {
		if (last && last.side !== step.side) {
			const [from, to] = [last.x, step.x];
			way.push({ x: from + (to - from) / 3, y: wire, leg: step.leg });
			way.push({ x: to - (to - from) / 3, y: wire, leg: step.leg });
		}
		way.push({ x: step.x, y: y(step), leg: step.leg });
		last = step;
	}
	return way;
}

// Names beside the marks where there is room for them; where it died is always said.
export function labelsOf(steps, nameOf, px, [left, right]) {
	const taken = steps.map((step) => [step, px(step) - 6, px(step) + 6]);
	const inside = (from, to) => from >= left && to <= right;
	const free = (step, from, to) => inside(from, to) && taken.every(([other, a, b]) =>
		other === step || other.lane !== step.lane || other.row !== step.row || b <= from || a >= to);
	const byWorth = [...steps].sort((a, b) => b.died - a.died || b.timed - a.timed);
	return byWorth.flatMap((step) => {
		const size = nameOf(step).length * LETTER, at = px(step);
		const sides = [["start", at + 8, at + 8 + size], ["end", at - 10 - size, at - 10]];
		const side = sides.slice(0, step.died ? 2 : 1).find(([, from, to]) => free(step, from, to)) ??
			(step.died && sides.find(([, from, to]) => inside(from, to)));
		if (!side) return [];
		taken.push([{ lane: step.lane, row: step.row }, side[1], side[2]]);
		return [{ ...step, label: nameOf(step), anchor: side[0] }];
	});
}

// From where to where is shown.
function domainOf(ping, zoomed, place) {
	if (zoomed) {
		const margin = Math.max((zoomed.x2 - zoomed.x1) * CLOSER, 1e-3);
		return [zoomed.x1 - margin, zoomed.x2 + margin];
	}
	const first = place(ping.first_ns);
	return [first, Math.max(place(ping.last_ns), first + 1)];
}

// view: {even, stage (number of the one that fills the width, or null)}
export function layOut(ping, view, width) {
	const steps = stepsOf(ping).filter((step) => !step.beside).map((step, order) => ({ ...step, order }));
	const scale = view.even ? evenScale(steps) : (at) => at;
	const place = (at) => scale(at - ping.first_ns);
	const span = (one) => ({ ...one, x1: place(one.from), x2: place(one.to) });
	const stages = ping.stages.map(span);
	const [from, to] = domainOf(ping, stages[view.stage], place);
	const pixel = (x) => LEFT + ((x - from) / (to - from)) * (width - LEFT - RIGHT);
	const clamp = (x) => Math.min(Math.max(x, from), to);

	for (const step of steps) step.x = view.even ? step.order : step.at;
	giveRows(steps, (step) => pixel(step.x), view.even ? APART_EVEN : APART);
	const inside = ({ x1, x2 }) => x2 >= from && x1 <= to;
	const seen = (list) => list.filter(inside).map((one) => ({
		...one, middle: (clamp(one.x1) + clamp(one.x2)) / 2, pixels: pixel(clamp(one.x2)) - pixel(clamp(one.x1)) }));
	return {
		ping, view, width, pixel, domain: [from, to], margins: [LEFT, RIGHT],
		steps: steps.filter((step) => step.x >= from && step.x <= to),
		bars: seen(stages), legs: seen(legsOf(ping).map(span)), way: wayOf(steps),
		largest: stages.filter((stage) => stage.from === ping.largest.from),
	};
}
