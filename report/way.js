// SPDX-License-Identifier: GPL-2.0-only
// One ping: which, what became of it, its lanes, its stages, its functions.
import { data, pings, several, stageColour, worst, slowest } from "./data.js";
import { byId, el, field, onWidth, swatch } from "./dom.js";
import { percent, time, words } from "./format.js";
import { drawLanes, marks } from "./lane.js";
import { stepsOf } from "./steps.js";
import { Table } from "./table.js";

const drawn = pings.filter((ping) => ping.drawn);
const view = { ping: worst, even: false, stage: null, width: 0 };
const changed = new Set();

export const onPing = (call) => changed.add(call);

export const flowOf = (ping) => `${ping.source} → ${ping.destination}, ` +
	(ping.id === undefined ? `port ${ping.destination_port}` : `seq ${ping.seq}`);

function titleOf(ping) {
	return `${several ? `${data.recordings[ping.recording].name} ` : ""}#${ping.number}: ` +
		`${flowOf(ping)}: ${words(ping.end)}, ${time(ping.span_ns)}` +
		(ping.at_driver ? ", at the driver" : "");
}

function redraw() {
	if (!view.width) return;
	drawLanes(byId("lane"), view.ping, view, view.width);
}

function budget() {
	const { stages, span_ns: span } = view.ping;
	const list = stages.map((stage, i) => {
		const button = el("button", {
			type: "button", "aria-pressed": String(view.stage === i),
			title: `${data.stages[stage.stage]}; ${stage.leg}, ${stage.side}. Press to look closer.`,
			onclick: () => zoom(view.stage === i ? null : i),
		}, swatch(stageColour(stage.stage)), el("b", {}, stage.stage), ` ${time(stage.ns)} `,
		el("small", {}, percent(stage.ns, span)));
		return el("li", { class: stage === view.ping.largest ? "largest" : null }, button);
	});
	byId("budget").replaceChildren(
		el("p", { class: "hint" }, "The stages, which sum to the whole; press one to look closer:"),
		el("ol", { class: "stages" }, ...list));
}

function zoom(stage) {
	view.stage = stage;
	const at = [...byId("budget").querySelectorAll("button")].indexOf(document.activeElement);
	budget();
	byId("budget").querySelectorAll("button")[at]?.focus();
	whole.hidden = stage === null;
	redraw();
}

function failure(ping) {
	const { cause, look } = ping.drop ?? {};
	if (ping.good) return null;
	return el("div", { class: "callout failed" },
		el("p", {}, el("b", {}, ping.why || words(ping.end)), " — ", cause ?? data.ends[ping.end]),
		look && el("p", {}, "Look further: ", el("code", {}, look)));
}

function callOut(ping) {
	const most = ping.largest;
	if (!most) return null;
	return el("div", { class: "callout" }, swatch(stageColour(most.stage)), el("p", {},
		el("b", {}, `${most.stage} is the largest stage: ${time(most.ns)} of ${time(ping.span_ns)} ` +
			`(${percent(most.ns, ping.span_ns)})`),
		` — ${data.stages[most.stage]}; ${most.leg}, ${most.side}.`));
}

function facts(ping) {
	const { process } = ping;
	const names = ping.id === undefined ? [`ports ${ping.source_port} → ${ping.destination_port}`]
		: [`id ${ping.id}`, `seq ${ping.seq}`];
	return [
		ping.protocol, `${ping.source} → ${ping.destination}`, ...names,
		ping.bytes && `${ping.bytes} bytes`, process && `${process.name ?? "process"}[${process.tgid}]`,
		ping.socket && `${ping.socket} socket`, ping.at_driver && "answered at the driver",
		ping.sender_netns_name && `from netns ${ping.sender_netns_name}`,
		ping.responder_netns_name && `to netns ${ping.responder_netns_name}`,
		ping.duplicate && "more than one reply (DUP!)", ping.lost && `${ping.lost} records lost`,
		ping.left_out && `${ping.left_out} hops left out`, `Linux ${ping.header.kernel}`,
	].filter(Boolean).join(" · ");
}

function legend() {
	const mark = (name) => el("span", { class: "key" }, el("span", { class: `mark ${name}`, "aria-hidden": "true" },
		{ fired: "●", seen: "○", inferred: "·", died: "✕" }[name]), ` ${marks[name] ?? "dropped"}`);
	const leg = (name) => el("span", { class: "key" }, swatch(`var(--leg-${name})`), ` ${name}`);
	return el("p", { class: "legend" }, mark("fired"), mark("seen"), mark("inferred"), mark("died"),
		leg("request"), leg("reply"), leg("error"),
		el("span", { class: "hint" }, "Point at a mark, tap it, or go there by Tab and the arrow keys, for what it does."));
}

const text = { seen: "○", fired: "●", inferred: "·" };

function functions() {
	let last = null;
	const rows = stepsOf(view.ping).map((step) => {
		const at = step.timed ? step.seen : null;
		const delta = at === null || last === null ? null : at - last;
		if (at !== null) last = at;
		return { ...step, seen: at, delta };
	});
	const ns = (_, value) => (value == null ? "" : time(value));
	byId("functions").lastElementChild.replaceChildren(new Table({
		caption: "Functions that the ping passed", rows,
		columns: [
			{ title: "#", value: (row) => row.index + 1, class: "number" },
			{ title: "Time", value: (row) => row.seen, text: ns, class: "number" },
			{ title: "Delta", value: (row) => row.delta, text: ns, class: "number" },
			{ title: "Layer", value: (row) => row.layer },
			{ title: "Mark", value: (row) => `${text[row.mark]} ${marks[row.mark]}` },
			{ title: "Function", value: (row) => row.name, class: "code" },
			{ title: "What it does", value: (row) => row.help ?? "", class: "wide" },
			{ title: "Details", value: (row) => row.details },
			{ title: "Way", value: (row) => `${row.leg}, ${row.side}` },
		],
	}).element);
}

export function showPing(ping, scroll = false) {
	if (!ping?.drawn) return;
	Object.assign(view, { ping, stage: null });
	select.value = ping.key;
	whole.hidden = true;
	byId("way-words").replaceChildren(...[failure(ping), callOut(ping),
		el("p", { class: "facts" }, facts(ping)), legend()].filter(Boolean));
	budget();
	redraw();
	functions();
	for (const call of changed) call(ping);
	if (!scroll) return;
	select.focus({ preventScroll: true }); // the table, whose button had it, is made anew
	byId("way").scrollIntoView({ block: "start" });
}

const select = el("select", { onchange: () => showPing(drawn.find((ping) => ping.key === select.value)) });
const whole = el("button", { type: "button", hidden: true, onclick: () => zoom(null) }, "Whole ping");

function step(by) {
	const at = drawn.indexOf(view.ping) + by;
	showPing(drawn[(at + drawn.length) % drawn.length]);
}

function shortcut(label, ping) {
	return ping && el("button", { type: "button", onclick: () => showPing(ping) }, label);
}

function median(list) {
	return [...list].sort((a, b) => a.span_ns - b.span_ns)[(list.length - 1) >> 1];
}

function controls() {
	const even = el("input", { type: "checkbox", onchange: () => {
		view.even = even.checked;
		redraw();
	} });
	const good = drawn.filter((ping) => ping.good);
	const driver = good.filter((ping) => ping.at_driver);
	select.append(...drawn.map((ping) => el("option", { value: ping.key }, titleOf(ping))));
	const choice = drawn.length < 2 ? [] : [
		el("span", { class: "buttons" },
			el("button", { type: "button", "aria-label": "The ping before", onclick: () => step(-1) }, "←"),
			el("button", { type: "button", "aria-label": "The next ping", onclick: () => step(1) }, "→")),
		el("span", { class: "buttons" }, ...[
			shortcut("Worst", worst), worst !== slowest && shortcut("Slowest", slowest),
			good.length > 2 && shortcut("Typical", median(good.filter((ping) => !ping.at_driver))),
			driver.length > 0 && shortcut("At the driver", median(driver))].filter(Boolean)),
	];
	byId("way-controls").append(field("Ping", select), ...choice,
		el("label", { class: "field check" }, even, el("span", {}, "all steps evenly wide")),
		whole);
}

export function startWay() {
	if (!drawn.length) {
		byId("way").replaceChildren(el("h2", {}, "The way of a ping"), el("p", {}, "There is none to draw."));
		return;
	}
	controls();
	showPing(worst);
	onWidth(byId("lane"), (width) => {
		view.width = width;
		redraw();
	});
}

