// SPDX-License-Identifier: GPL-2.0-only
// Elements. Texts from recordings are foreign: they become text nodes, never markup.

export const byId = (id) => document.getElementById(id);

// el("p", {class: "x", onclick: f}, "text", element, ...)
export function el(name, attributes = {}, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) {
		if (typeof value === "function") element.addEventListener(key.slice(2), value);
		else if (value === true) element.setAttribute(key, "");
		else if (value !== false && value != null) element.setAttribute(key, value);
	}
	element.append(...children.filter((child) => child != null && child !== false));
	return element;
}

export function swatch(colour) {
	const element = el("span", { class: "swatch", "aria-hidden": "true" });
	element.style.background = colour;
	return element;
}

let labels = 0;

// A labelled field; returns [the whole, the field itself].
export function field(label, input) {
	input.id = `field-${++labels}`;
	return el("label", { class: "field", for: input.id }, el("span", {}, label), input);
}

// Calls draw(width) now and whenever the width of the element changes.
export function onWidth(element, draw) {
	let last = 0;
	new ResizeObserver(() => {
		const width = Math.floor(element.clientWidth);
		if (width > 0 && width !== last) {
			last = width;
			draw(width);
		}
	}).observe(element);
}
