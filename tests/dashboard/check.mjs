// SPDX-License-Identifier: GPL-2.0-only
// check.mjs API FROM TO SCRAPE: what is seen of the dashboard against what Prometheus says; seconds.
// "CHECK\tCOMPLAINT" on standard output, and "CHECK\t" for one that has none.
import { readFileSync } from "node:fs";
import { openBrowser } from "../unit/report_browser_lib.mjs";
import { openDashboard } from "./browser.mjs";
import { dashboardFile } from "./file.mjs";

const [api, from, to, scrape] = process.argv.slice(2);
const dashboard = JSON.parse(readFileSync(dashboardFile, "utf8"));
const panels = dashboard.panels.filter(({ type }) => type !== "row");

// As Grafana documents its variables: all values of each, and of a rate four scrapes at least.
async function ask(path, expr, times) {
	const query = expr.replaceAll("$__rate_interval", `${4 * scrape}s`).replace(/\$(job|instance|device)\b/g, ".*");
	const answer = await (await fetch(`${api}/${path}?${new URLSearchParams({ query, ...times })}`)).json();
	return answer.data?.result ?? [];
}

// What a number looks like, by its unit.
const suffixes = { pps: " p/s", percentunit: "%", short: "" };

// What Grafana shows of this panel, by its place.
const seen = (page) => page.$$eval("[data-panel]", (places) => places.map((place) => {
	const names = (query) => [...place.querySelectorAll(query)].map((element) => element.textContent.trim());
	return {
		id: Number(place.dataset.panel),
		title: place.querySelector("h2").textContent,
		notes: names(".note"),
		text: place.querySelector("[data-testid$='panel content']")?.textContent.trim() ?? "",
		canvases: [...place.querySelectorAll("canvas")].map(({ width, height }) => width * height),
		legend: names("[data-testid=series-icon] + button"),
	};
}));

async function stat({ title, targets, fieldConfig: { defaults: { unit, decimals } } }, { text }) {
	const [series] = await ask("query", targets[0].expr, { time: to });
	const suffix = suffixes[unit] ?? ` in ${unit}, which this test does not know`;
	const number = Number(text.slice(0, text.length - suffix.length));
	const wanted = Number(series?.value[1]) * (unit === "percentunit" ? 100 : 1);
	const digits = decimals === undefined ? 0.0051 * wanted : 0.51 * 10 ** -decimals; // three of them, or so many
	const shown = text.endsWith(suffix) && Math.abs(number - wanted) <= digits;
	return shown ? [] : [`${title}: "${text}", not ${wanted}${suffix}`];
}

async function legend({ title, targets }, { legend }) {
	const wanted = [];
	for (const { expr, legendFormat } of targets) {
		const series = await ask("query_range", expr, { start: from, end: to, step: scrape });
		if (series.length === 0) wanted.push(`nothing for ${expr}`);
		wanted.push(...series.map(({ metric }) => legendFormat.replace(/{{(\w+)}}/g, (all, label) => metric[label] ?? "")));
	}
	const [got, want] = [legend, wanted].map((names) => names.sort().join(", "));
	return got === want ? [] : [`${title}: ${got}; not: ${want}`];
}

// Those that have complaints to tell: {check: complaints}
async function check(page) {
	const places = new Map((await seen(page)).map((place) => [place.id, place]));
	const all = (type) => panels.filter((panel) => panel.type === type);
	const each = async (list, compare) => (await Promise.all(list.map((p) => compare(p, places.get(p.id))))).flat();
	return {
		"the page has nothing to complain of": page.complaints,
		"titles": dashboard.panels.filter(({ id, title }) => places.get(id)?.title !== title).map(({ title }) => title),
		"no errors": page.panels.filter(({ error }) => error).map(({ title, error }) => `${title}: ${error}`),
		"all have data": panels.filter(({ id }) => places.get(id).notes.includes("No data")).map(({ title }) => title),
		"units and properties that there are": page.panels.flatMap(({ title, unknown }) =>
			unknown.map((name) => `${title}: ${name}`)),
		"numbers are Prometheus' own, in their unit": await each(all("stat"), stat),
		"graphs are drawn": all("timeseries").filter(({ id }) => !(places.get(id).canvases[0] > 0)).map(({ title }) => title),
		"legends are of Prometheus' series": await each(all("timeseries"), legend),
		"what Grafana alone draws says so": await each(all("heatmap"), async ({ title }, { notes }) =>
			(/Grafana publishes no component/.test(notes[0]) ? [] : [title])),
	};
}

const browser = await openBrowser();
try {
	const page = await openDashboard(browser, { api, from: from * 1000, to: to * 1000, scrape: Number(scrape) });
	for (const [name, complaints] of Object.entries(await check(page)))
		for (const complaint of complaints.length ? complaints : [""]) console.log(`${name}\t${complaint}`);
} finally {
	await browser.close();
}
