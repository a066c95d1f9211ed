// SPDX-License-Identifier: GPL-2.0-only
// screenshot.mjs PNG API FROM TO SCRAPE: the whole dashboard, for docs/metrics.md; seconds.
import { openBrowser } from "../unit/report_browser_lib.mjs";
import { openDashboard } from "./browser.mjs";

const [file, api, from, to, scrape] = process.argv.slice(2);
const browser = await openBrowser();
try {
	const page = await openDashboard(browser,
		{ api, from: from * 1000, to: to * 1000, scrape: Number(scrape), dark: true });
	if (page.complaints.length) throw new Error(page.complaints.join("\n"));
	await page.screenshot({ path: file, fullPage: true });
} finally {
	await browser.close();
}
