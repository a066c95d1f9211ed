// SPDX-License-Identifier: GPL-2.0-only
// report_screenshot.mjs PNG: of the demo, for the README. ICMPX is the program.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBrowser, openPage } from "./report_browser_lib.mjs";

const dir = mkdtempSync(join(tmpdir(), "icmpx-screenshot-"));
const browser = await openBrowser();
try {
	const file = join(dir, "demo.html");
	execFileSync(process.env.ICMPX, ["report", "--demo", "-o", file]);
	const page = await openPage(browser, file, { height: 1020 });
	await page.selectOption("#way-controls select", "1:1"); // all functions
	await page.check("#way-controls input[type=checkbox]");
	await page.locator('#lane g[aria-label="dot"] > [aria-label^="icmp_echo."]').focus();
	await page.screenshot({ path: process.argv[2] });
} finally {
	await browser.close();
	rmSync(dir, { recursive: true, force: true });
}
