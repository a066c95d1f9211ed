// SPDX-License-Identifier: GPL-2.0-only
// A headless Chromium that shows a page, and keeps what it complains of and asks for.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const require = createRequire(new URL("../../build/report/node_modules/x.js", import.meta.url));
const { chromium } = require("playwright-core");

const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync"];

export async function openBrowser() {
	const profile = mkdtempSync(join(tmpdir(), "icmpx-browser-"));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args, viewport: null,
	});
	return {
		context,
		async close() {
			await context.close();
			rmSync(profile, { recursive: true, force: true });
		},
	};
}

// What it says and asks for: page.complaints, page.requests
export async function newPage({ context }, { width = 1280, height = 900, dark = false } = {}) {
	const page = await context.newPage();
	page.complaints = [];
	page.requests = [];
	page.on("console", (message) => page.complaints.push(message.text()));
	page.on("pageerror", (error) => page.complaints.push(error.message));
	page.on("request", (request) => page.requests.push(request.url()));
	await page.setViewportSize({ width, height });
	await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
	return page;
}

// options: {width, height, dark, drawn: false for one without a ping}
export async function openPage(browser, file, { drawn = true, ...options } = {}) {
	const page = await newPage(browser, options);
	await page.goto(`file://${resolve(file)}`);
	await page.waitForFunction((wanted) => "ready" in document.documentElement.dataset &&
		(!wanted || document.querySelector("#lane svg")), drawn, { timeout: 20000 });
	return page;
}
