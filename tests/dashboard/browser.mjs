// SPDX-License-Identifier: GPL-2.0-only
// The dashboard in a headless Chromium, from the Prometheus at `api`.
import { readFileSync } from "node:fs";
import { newPage } from "../unit/report_browser_lib.mjs";
import { built, dashboardFile } from "./file.mjs";

// Where the components look for what a Grafana serves: their icons are in the package, its font is not.
const grafana = "http://grafana.invalid/";

function served(url) {
	const name = url.slice(grafana.length);
	return name.startsWith("fonts/inter/")
		? built("node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2")
		: built(`node_modules/@grafana/ui/dist/public/${name}`);
}

// options: {from, to, scrape, dark}, as page's draw() takes them. Its answer: page.panels
export async function openDashboard(browser, options, { width = 1400, height = 900 } = {}) {
	const page = await newPage(browser, { width, height });
	await page.addInitScript((root) => { globalThis.__grafana_public_path__ = root; }, grafana);
	await page.route(`${grafana}**`, (route) => route.fulfill({
		path: served(route.request().url()), headers: { "access-control-allow-origin": "*" },
	}));
	await page.goto(`file://${built("page.html")}`);
	const dashboard = JSON.parse(readFileSync(dashboardFile, "utf8"));
	page.panels = await page.evaluate(([d, o]) => globalThis.draw(d, o), [dashboard, options]);
	const icons = dashboard.panels.filter(({ type, description }) => type === "row" || description).length;
	await page.waitForFunction((count) => document.querySelectorAll("[data-panel] svg").length >= count, icons);
	return page;
}
