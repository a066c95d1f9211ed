// SPDX-License-Identifier: GPL-2.0-only
// For report-browser.t: pages of recordings that are hostile, damaged, many, of all kinds, of nothing.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openPage } from "./report_browser_lib.mjs";
import { STEPS, dataOf, dir, edited, golden, is, ok, quiet, report, text, texts } from "./report_browser_tap.mjs";

async function hostile(browser) {
	const evil = '</script><script>window.hacked = 1</script><img src="x" onerror="window.hacked = 2">';
	const recording = edited("evil.rec", edited("evil1.rec", join(golden, "7-raw.rec"), "rename", "ping", evil),
		"rename", "eth0", "<b onclick=x>");
	const page = await openPage(browser, report("evil.html", recording));
	ok("hostile names are text", (await text(page, "#way .facts")).includes(evil));
	is("and no more than that", await page.evaluate(() => [window.hacked, document.images.length,
		document.querySelectorAll("[onclick]").length]), [null, 0, 0].map((value) => value ?? undefined));
	await quiet(page, "hostile names");
	await page.close();
	const turned = edited("turned.rec", join(golden, "7-raw.rec"), "rename", "ping", "a\u202egnip\u2066");
	const other = await openPage(browser, report("turned.html", turned));
	ok("nor do they turn the text around them", (await text(other, "#way .facts")).includes(" a?gnip?["),
		await text(other, "#way .facts"));
	await other.close();
}

async function damaged(browser) {
	const cut = join(dir, "cut.rec");
	writeFileSync(cut, readFileSync(join(golden, "6.18-leases.rec")).subarray(0, 40000));
	const page = await openPage(browser, report("cut.html", cut));
	ok("a damaged recording: the page says so", (await text(page, "#summary")).includes("cut.rec is damaged (cut off"));
	await quiet(page, "a damaged recording");
	await page.close();
}

// 30 x 40 pings, 70 x 24 of which 18 are answered at the driver, one that is dropped.
async function many(browser) {
	const floods = edited("floods.rec", join(golden, "6.18-floods.rec"), "repeat", "30", "5000000000");
	const leases = edited("leases.rec", join(golden, "6.18-leases.rec"), "repeat", "70", "20000000000");
	const file = report("many.html", floods, leases, join(golden, "6.12-drop.rec"));
	const page = await openPage(browser, file);
	const rows = await page.locator("#pings tbody tr").count();
	const note = await text(page, "#left-out");
	ok("many: how many are left out", note.startsWith(`${(2881 - rows).toLocaleString("en")} pings of 2,881 are not in the table`), note);
	is("those at the driver are counted, not those in the table", (await texts(page, ".tile b")).at(-1), "1,260");
	is("one of them failed: not all came through", (await texts(page, ".tile b"))[1], ">99\u00a0%");
	ok("and how many can be drawn", note.includes(`${await page.locator("#way-controls option").count()} pings have their hops`), note);
	await quiet(page, `many, ${statSync(file).size >> 10} KiB`);
	await page.close();
}

// Of all kinds: loops, routers, duplicates, UDP, records lost.
async function everyPing(browser) {
	const list = ["5.10-port", "6.1-twins", "6.12-ping6", "6.18-again", "6.18-loop", "6.18-stopped", "7-nat"]
		.map((name) => join(golden, `${name}.rec`));
	const page = await openPage(browser, report("all.html", ...list));
	const data = await dataOf(page);
	is("each ping can be drawn", await page.evaluate(([count, steps]) => {
		const drawn = new Set();
		for (let i = 0; i < count; i++) {
			document.querySelector('#way-controls button[aria-label="The next ping"]').click();
			if (document.querySelector(steps)) drawn.add(document.querySelector("#way-controls select").value);
		}
		return drawn.size;
	}, [data.drawn.length, STEPS]), data.drawn.length);
	await quiet(page, "all golden recordings");
	await page.close();
}

// What was dropped comes before what took longer and was not seen to its end.
async function gravest(browser) {
	const cut = edited("part.rec", join(golden, "7-raw.rec"), "lose", "12", "4");
	const brief = edited("brief.rec", join(golden, "6.12-drop.rec"), "faster", "10");
	const page = await openPage(browser, report("gravest.html", cut, brief));
	const [part, dropped] = (await dataOf(page)).drawn.map(({ ping }) => ping);
	ok("one is incomplete and took longer than the dropped one", part.end === "incomplete" &&
		dropped.end === "dropped" && part.span_ns > dropped.span_ns, JSON.stringify([part, dropped]));
	is("the dropped one is first", await page.$eval("#way-controls select", (select) => select.value), "1:1");
	await page.close();
}

// An ICMP error: the drop that it is about is said, too, and named in the chart.
async function unreachable(browser) {
	const page = await openPage(browser, report("error.html", join(golden, "6.18-unreachable.rec")));
	const failed = await text(page, "#way-words .failed");
	ok("an error: which, where it was dropped, why, and how to look further",
		/host unreachable; dropped in ip_error.*no route to its destination.*ip route get/.test(failed), failed);
	ok("its mark has a name", (await texts(page, "#lane svg g[aria-label=text] text")).includes("NOT_SPECIFIED"));
	await page.close();
}

async function nothing(browser) {
	const recording = edited("none.rec", join(golden, "7-raw.rec"), "lose", "0", "100");
	const file = report("none.html", recording);
	const page = await openPage(browser, file, { drawn: false });
	ok("no ping: the page says so", (await text(page, "#way")).includes("There is none to draw"));
	await quiet(page, "no ping");
	await page.close();
}

export const others = [hostile, damaged, many, everyPing, gravest, unreachable, nothing];
