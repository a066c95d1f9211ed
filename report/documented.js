// SPDX-License-Identifier: GPL-2.0-only
// The documented call paths beside what was passed.
import { data } from "./data.js";
import { byId, el, field } from "./dom.js";
import { plural, words } from "./format.js";
import { onPing } from "./way.js";

const marks = { fired: "●", seen: "○", inferred: "·" };

function rowElement(row, layer) {
	return el("tr", { class: `result-${row.result}` },
		el("td", { class: "layer" }, layer),
		el("td", { class: "code" }, row.documented ?? ""),
		el("td", { class: "code" }, row.live ? `${marks[row.mark] ?? ""} ${row.live}` : ""),
		el("td", {}, el("span", { class: "result", title: data.results[row.result] }, words(row.result))),
		el("td", { class: "number" }, row.count ? String(row.count) : ""));
}

function pathElement(path, open) {
	let last = null;
	const rows = path.rows.map((row) => {
		const element = rowElement(row, row.layer === last ? "" : row.layer);
		last = row.layer;
		return element;
	});
	return el("details", { open, class: "path" },
		el("summary", {}, el("b", {}, path.title), ` — ${plural(path.pings, "ping")}`),
		el("p", { class: "hint" }, `Documented: ${path.source}`),
		el("div", { class: "scroller", role: "region", tabindex: 0, "aria-label": path.title }, el("table", {},
			el("thead", {}, el("tr", {}, ...["Layer", "Documented", "Live", "", "Times"].map((title) =>
				el("th", { scope: "col" }, title)))),
			el("tbody", {}, ...rows))));
}

function show(host, { compare, header }) {
	const counts = Object.entries(compare.summary).filter(([, count]) => count);
	host.replaceChildren(
		el("p", {}, `Linux ${header.kernel}: `, ...counts.flatMap(([result, count]) => [
			el("span", { class: `tally result-${result}`, title: data.results[result] },
				el("span", { class: "result" }, words(result)), ` ${count}`), " "])),
		el("div", { class: "paths" }, ...compare.paths.map((path, i) => pathElement(path, i < 2))));
	if (!compare.paths.length) host.append(el("p", {}, "Nothing to compare: no function was seen."));
}

export function startDocumented() {
	const host = byId("documented").lastElementChild;
	const body = el("div");
	const select = el("select", { onchange: () => show(body, data.recordings[select.value]) },
		...data.recordings.map(({ name, header }, i) => el("option", { value: i }, `${name}: Linux ${header.kernel}`)));
	host.append(el("p", { class: "hint" }, "The functions that papers and guides say a ping passes, in their order, " +
		"beside those that it passed here. ", Object.entries(data.results).map(([name, title]) =>
		`${words(name)}: ${title}`).join("; "), "."));
	if (data.recordings.length > 1) host.append(el("div", { class: "controls" }, field("Recording", select)));
	host.append(body);
	onPing((ping) => {
		select.value = ping.recording;
		show(body, data.recordings[ping.recording]);
	});
	show(body, data.recordings[0]);
}
