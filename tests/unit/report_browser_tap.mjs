// SPDX-License-Identifier: GPL-2.0-only
// For the browser's tests: TAP, pages of recordings, what is on a page.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const golden = fileURLToPath(new URL("../golden/", import.meta.url));
export const dir = mkdtempSync(join(tmpdir(), "icmpx-report-"));
const icmpx = process.env.ICMPX;
let count = 0, failed = 0;

export function ok(description, passed, ...details) {
	console.log(`${passed ? "ok" : "not ok"} ${++count} - ${description}`);
	if (passed) return;
	failed++;
	for (const detail of details) console.log(`# ${String(detail).replaceAll("\n", "\n# ")}`);
}

export function is(description, got, want) {
	const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
	ok(description, a === b, `got:  ${a}`, `want: ${b}`);
}

// The exit status.
export function end() {
	rmSync(dir, { recursive: true, force: true });
	console.log(`1..${count}`);
	return failed ? 1 : 0;
}

// A page of these recordings; its name.
export function report(name, ...recordings) {
	const file = join(dir, name);
	spawnSync(icmpx, ["report", ...recordings, "-o", file], { stdio: "ignore" });
	return file;
}

export function edited(name, recording, ...edit) {
	const file = join(dir, name);
	writeFileSync(file, execFileSync(join(golden, "edit"), edit, {
		input: readFileSync(recording), maxBuffer: 1 << 26 }));
	return file;
}

export const STEPS = '#lane g[aria-label="dot"] > *';

export const dataOf = (page) => page.$eval("#data", (element) => JSON.parse(element.textContent));
export const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
export const texts = (page, selector) => page.$$eval(selector, (list) => list.map((element) => element.textContent));

export async function quiet(page, what) {
	is(`${what}: nothing to complain of`, page.complaints, []);
	is(`${what}: nothing else is asked for`, page.requests.filter((url) => !url.startsWith("data:")).length, 1);
}
