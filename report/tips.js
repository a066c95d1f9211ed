// SPDX-License-Identifier: GPL-2.0-only
// What a mark of a chart says, when the pointer is near it or the keyboard is on it.
import { el } from "./dom.js";

const NEAR = 22; // pixels

function fill(tip, { title, lines }) {
	tip.replaceChildren(el("b", {}, title), ...lines.map(({ text, strong, bad }) =>
		el("span", { class: bad ? "bad" : strong ? "strong" : null }, text)));
}

// Beside the mark, within the window.
function place(tip, host, mark) {
	const at = mark.getBoundingClientRect();
	const frame = host.getBoundingClientRect();
	tip.hidden = false;
	const left = at.left + at.width / 2 - frame.left - tip.offsetWidth / 2;
	const most = Math.min(frame.right, document.documentElement.clientWidth) - frame.left - tip.offsetWidth - 4;
	tip.style.left = `${Math.max(4 - Math.max(frame.left, 0), Math.min(left, most))}px`;
	const below = at.bottom - frame.top + 10;
	const above = at.top - frame.top - tip.offsetHeight - 10;
	tip.style.top = `${frame.top + above > 0 ? above : below}px`;
}

function nearest(elements, event) {
	let best = null, least = NEAR ** 2;
	for (const element of elements) {
		const at = element.getBoundingClientRect();
		const distance = (at.left + at.width / 2 - event.clientX) ** 2 +
			(at.top + at.height / 2 - event.clientY) ** 2;
		if (distance < least) [best, least] = [element, distance];
	}
	return best;
}

// One of the marks takes the tab key, arrow keys go from one to the next.
function byKeyboard(elements, show, hide) {
	const go = (from, to) => {
		if (!elements[to]) return;
		elements[from].setAttribute("tabindex", -1);
		elements[to].setAttribute("tabindex", 0);
		elements[to].focus();
	};
	elements.forEach((element, i) => {
		element.setAttribute("tabindex", i ? -1 : 0);
		element.addEventListener("focus", () => show(element));
		element.addEventListener("blur", hide);
		element.addEventListener("keydown", (event) => {
			const to = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1,
				Home: 0, End: elements.length - 1 }[event.key];
			if (event.key === "Escape") hide();
			if (to === undefined) return;
			event.preventDefault();
			go(i, to);
		});
	});
}

// items: of the marks, in their order; describe(item): {title, lines: [{text, strong, bad}]}
export function addTips(host, svg, items, describe) {
	const elements = [...svg.querySelectorAll('g[aria-label="dot"] > *')];
	const tip = el("div", { class: "tip", role: "tooltip", hidden: true });
	let shown = null;
	const hide = () => {
		tip.hidden = true;
		shown?.classList.remove("near");
		shown = null;
	};
	const show = (element) => {
		if (shown === element) return;
		hide();
		shown = element;
		shown.classList.add("near");
		fill(tip, describe(items[elements.indexOf(element)]));
		place(tip, host, element);
	};
	elements.forEach((element, i) => {
		const { title, lines } = describe(items[i]);
		element.setAttribute("role", "img");
		element.setAttribute("aria-label", [title, ...lines.map(({ text }) => text)].join(". "));
	});
	svg.removeAttribute("role");
	byKeyboard(elements, show, hide);
	svg.addEventListener("pointermove", (event) => {
		const near = nearest(elements, event);
		if (near) show(near);
		else if (!elements.includes(document.activeElement)) hide();
	});
	svg.addEventListener("pointerleave", hide);
	svg.addEventListener("click", (event) => nearest(elements, event)?.focus()); // a finger does not hover
	host.append(tip);
}
