// SPDX-License-Identifier: GPL-2.0-only
// A table that is sorted by its heads and filtered by words.
import { el, field } from "./dom.js";

// What there is none of comes last, whichever way.
const compare = (a, b, down) => {
	if (a == null || b == null) return (a == null) - (b == null);
	const order = typeof a === "number" && typeof b === "number" ? a - b
		: String(a).localeCompare(String(b), "en", { numeric: true });
	return down ? -order : order;
};

// columns: [{title, value(row), text(row, value), cell(row), class}]; sort: [column, descending]
export class Table {
	constructor({ caption, columns, rows, sort = [null, false], rowClass, search = true, controls = [] }) {
		Object.assign(this, { columns, rows, rowClass, keep: () => true });
		[this.by, this.down] = sort;
		this.body = el("tbody");
		this.count = el("span", { class: "count", role: "status" });
		this.words = el("input", { type: "search", spellcheck: "false", autocomplete: "off",
			oninput: () => this.draw() });
		const heads = columns.map((column, i) => this.head(column, i));
		this.heads = heads;
		this.element = el("div", { class: "table" },
			el("div", { class: "controls" }, search && field("Filter", this.words), ...controls, this.count),
			el("div", { class: "scroller tall", tabindex: 0, role: "region", "aria-label": caption },
				el("table", {}, el("caption", { class: "hidden" }, caption),
					el("thead", {}, el("tr", {}, ...heads)), this.body)));
		this.draw();
	}

	head(column, i) {
		const button = el("button", { type: "button", onclick: () => this.sort(i) }, column.title);
		return el("th", { scope: "col", class: column.class }, button);
	}

	sort(i) {
		this.down = this.by === i ? !this.down : false;
		this.by = i;
		this.draw();
	}

	static text(column, row) {
		const value = column.value(row);
		return column.text ? column.text(row, value) : String(value ?? "");
	}

	chosen() {
		const words = this.words.value.toLowerCase().split(/\s+/).filter(Boolean);
		const has = (row) => {
			const text = this.columns.map((column) => Table.text(column, row)).join(" ").toLowerCase();
			return words.every((word) => text.includes(word));
		};
		const rows = this.rows.filter((row) => this.keep(row) && (!words.length || has(row)));
		const column = this.columns[this.by];
		if (column) rows.sort((a, b) => compare(column.value(a), column.value(b), this.down));
		return rows;
	}

	draw() {
		const rows = this.chosen();
		this.heads.forEach((head, i) =>
			head.setAttribute("aria-sort", i !== this.by ? "none" : this.down ? "descending" : "ascending"));
		this.count.textContent = rows.length === this.rows.length ? `all ${rows.length}`
			: `${rows.length} of ${this.rows.length}`;
		this.body.replaceChildren(...rows.map((row) => el("tr", { class: this.rowClass?.(row) },
			...this.columns.map((column) => el("td", { class: column.class },
				column.cell ? column.cell(row) : Table.text(column, row))))));
	}
}
