// SPDX-License-Identifier: GPL-2.0-only
// For report-browser.t: the demo, part by part; then other recordings.
import { openBrowser, openPage } from "./report_browser_lib.mjs";
import { others } from "./report_browser_others.mjs";
import { STEPS, dataOf, end, is, ok, quiet, report, text, texts } from "./report_browser_tap.mjs";

const choose = (page, key) => page.selectOption("#way-controls select", key);

// --- the way of a ping ----------------------------------------------------------

async function worstFirst(page, data) {
	const failures = data.drawn.filter(({ ping }) => ["dropped", "error"].includes(ping.end));
	const worst = failures.sort((a, b) => b.ping.span_ns - a.ping.span_ns)[0];
	is("the worst ping is there first", await page.$eval("#way-controls select", (select) => select.value),
		`${worst.recording}:${worst.ping.number}`);
	ok("what became of it is called out", (await text(page, "#way-words .failed")).includes(worst.error));
}

async function marks(page, data) {
	await choose(page, "1:1");
	const { frames, ping } = data.drawn.find(({ recording }) => recording === 1);
	is("a mark for each function on the way", await page.locator(STEPS).count(),
		frames.filter((frame) => !frame.beside).length);
	const most = ping.stages.reduce((a, b) => (b.ns > a.ns ? b : a));
	ok("the largest stage is called out", (await text(page, "#way-words .callout"))
		.startsWith(`${most.stage} is the largest stage`));
	is("the stages, in their order", await texts(page, "#budget li b"), ping.stages.map(({ stage }) => stage));
	is("one is marked as the largest", await texts(page, "#budget .largest b"), [most.stage]);
}

const heights = (page) => page.$$eval(STEPS, (list) => Object.fromEntries(list.map((mark) =>
	[mark.getAttribute("aria-label").split(". ")[0], mark.getBoundingClientRect()]).map(([name, at]) =>
	[name, [Math.round(at.x), Math.round(at.y)]])));

async function lanes(page) {
	const at = await heights(page);
	const down = ["sendto", "raw_sendmsg", "__ip_local_out"].map((name) => at[name][1]);
	ok("the request goes down", down.every((y, i) => !i || y > down[i - 1]), down);
	const up = ["ping_rcv", "sched_switch", "recvmsg"].map((name) => at[name][1]);
	ok("the reply goes up", up.every((y, i) => !i || y < up[i - 1]), up);
	ok("time goes to the right", at.sendto[0] < at.icmp_echo[0] && at.icmp_echo[0] < at.sched_switch[0]);
}

async function hover(page) {
	const mark = page.locator(`${STEPS}[aria-label^="sched_switch"]`);
	await mark.scrollIntoViewIfNeeded();
	const box = await mark.boundingBox();
	await page.mouse.move(box.x + box.width / 2 + 3, box.y + box.height / 2 + 3);
	ok("hover: name, mark and explanation",
		/^sched_switchthe woken process runs.*fired; sched; reply, sender/.test(await text(page, ".tip")),
		await text(page, ".tip"));
	ok("it is seen", await page.locator(".tip").isVisible());
	await page.mouse.move(5, 5);
	ok("and gone afterwards", await page.locator(".tip").isHidden());
	await page.mouse.click(box.x + box.width + 3, box.y + box.height + 3);
	ok("a click beside it is one at it, as a finger's", await page.evaluate(() =>
		document.activeElement.getAttribute("aria-label")?.startsWith("sched_switch")) && await page.locator(".tip").isVisible());
}

async function keyboard(page) {
	await page.focus("#way-controls input[type=checkbox]");
	for (let i = 0; i < 4 && !(await page.$eval(":focus", (element) => element.closest("svg") !== null)); i++)
		await page.keyboard.press("Tab");
	const focused = () => page.$eval(":focus", (element) => element.getAttribute("aria-label") ?? "");
	const first = await focused();
	ok("Tab leads to a mark, which says what it is", await page.locator(".tip").isVisible() &&
		first.startsWith(await text(page, ".tip b")), first);
	await page.keyboard.press("ArrowRight");
	ok("an arrow to the next one", (await focused()) !== first && (await focused()).startsWith(await text(page, ".tip b")));
	await page.keyboard.press("End");
	ok("End to the last one", (await focused()).startsWith("sys_exit"), await focused());
	await page.keyboard.press("Escape");
	ok("Escape closes it", await page.locator(".tip").isHidden());
	const before = await text(page, "#way .facts");
	await page.focus("#way-controls select");
	await page.keyboard.press("ArrowUp");
	ok("another ping by an arrow", (await text(page, "#way .facts")) !== before);
}

async function distinctTicks(page) {
	const same = [];
	for (let i = 0; i < await page.locator("#budget button").count(); i++) {
		if (i) await page.locator("#budget button").nth(i).click();
		const ticks = await texts(page, '#lane g[aria-label="x-axis tick label"] text');
		if (ticks.length < 2 || new Set(ticks).size < ticks.length) same.push(ticks);
	}
	is("however close, no two ticks have one name", same, []);
}

async function closer(page) {
	await choose(page, "1:1");
	const apart = async () => {
		const at = await heights(page);
		return at.ip_output[0] - at.__ip_local_out[0];
	};
	const far = await apart();
	await page.focus("#budget button");
	await page.keyboard.press("Enter");
	const near = await apart();
	ok("a stage, pressed, is looked at closer", near > 4 * far, far, near);
	await distinctTicks(page);
	await page.click("text=Whole ping");
	is("and whole again", await apart(), far);
	await page.check("#way-controls input[type=checkbox]");
	const at = Object.values(await heights(page)).map(([x]) => x);
	ok("all steps evenly wide", at[2] - at[1] === at[1] - at[0] || Math.abs(at[2] - 2 * at[1] + at[0]) <= 1, at.slice(0, 9));
	await page.uncheck("#way-controls input[type=checkbox]");
}

// --- the rest of the page --------------------------------------------------------

const column = (page, table, n) => texts(page, `${table} tbody tr td:nth-child(${n})`);

// What was not timed has no delta: it comes last, whichever way.
async function sortingNothing(page) {
	await page.click("#functions summary");
	const head = page.locator("#functions th button", { hasText: "Delta" });
	await head.click();
	const up = (await column(page, "#functions", 3)).filter(Boolean);
	await head.click();
	const down = await column(page, "#functions", 3);
	ok("the largest delta first, what has none last", up.length < down.length, down);
	is("in the order", down, [...up].reverse().concat(new Array(down.length - up.length).fill("")));
	await page.click("#functions summary");
}

async function sorting(page, data) {
	const spans = [...new Map([...data.rows, ...data.drawn].map((item) =>
		[`${item.recording}:${item.ping.number}`, item.ping.span_ns])).values()].sort((a, b) => a - b);
	const head = page.locator("#pings th", { hasText: "Took" });
	const shown = async () => (await column(page, "#pings", 5)).map((value) => {
		const [number, unit] = value.split("\u00a0");
		return Number(number) * { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 }[unit];
	});
	const near = (list, want) => list.length === want.length &&
		list.every((value, i) => Math.abs(value - want[i]) <= want[i] / 100);
	await head.locator("button").focus();
	await page.keyboard.press("Enter");
	ok("sorted by time, by the keyboard", near(await shown(), spans), await shown(), spans);
	is("it says so", await head.getAttribute("aria-sort"), "ascending");
	await head.locator("button").click();
	ok("and the other way", near(await shown(), [...spans].reverse()));
	is("it says so, too", await head.getAttribute("aria-sort"), "descending");
}

async function filtering(page, data) {
	const words = page.locator("#pings input[type=search]");
	const rows = page.locator("#pings tbody tr");
	await words.fill("at the driver 10.90.1.1");
	is("filtered by words", await rows.count(), data.drawn.filter(({ ping }) => ping.at_driver).length);
	await words.fill("nothing has this");
	is("by others", await rows.count(), 0);
	await words.fill("");
	await page.selectOption("#pings select >> nth=0", "dropped");
	is("by its end", await column(page, "#pings", 4), ["dropped"]);
	ok("with the reason", (await column(page, "#pings", 14))[0].includes("NETFILTER_DROP"));
	await rows.locator("button").click();
	ok("its number shows it", (await text(page, "#way-words .failed")).includes("nft list ruleset"));
	is("and the keyboard goes there", await page.evaluate(() => document.activeElement.closest("section")?.id), "way");
	await page.selectOption("#pings select >> nth=0", "");
}

const median = (list) => {
	const sorted = [...list].sort((a, b) => a - b), at = sorted.length >> 1;
	return sorted.length % 2 ? sorted[at] : (sorted[at - 1] + sorted[at]) / 2;
};

async function bothWays(page, data) {
	const answer = (driver) => median(data.drawn.filter(({ recording, ping }) =>
		!recording && ping.at_driver === driver).map(({ ping }) => ping.stages.filter(({ stage, side }) =>
		side === "responder" && ["xdp", "receive", "icmp", "transmit", "queue"].includes(stage))
		.reduce((sum, { ns }) => sum + ns, 0)));
	const [stack, driver] = (await texts(page, "#both .lead b")).map((value) => parseFloat(value));
	ok("both ways: the medians", Math.abs(stack - answer(false) / 1e3) < 1 && Math.abs(driver - answer(true) / 1e3) < 1,
		stack, driver, answer(false), answer(true));
	ok("and a bar for each stage", (await page.locator("#both svg rect").count()) > 20);
	is("one recording has both", await page.locator("#both .pair").count(), 1);
}

async function allStages(page, data) {
	is("a histogram for each stage, and of all", await page.locator("#stages .card").count(), data.stats.stages.length + 1);
	is("with a bar for each bucket", await page.locator("#stages .card svg g[aria-label=rect] rect").count(),
		[data.stats.rtt, ...data.stats.stages].reduce((sum, { histogram }) => sum + histogram.length, 0));
}

async function documented(page, data) {
	const { paths } = data.recordings[1].compare;
	await choose(page, "1:1");
	is("documented paths of that recording", await page.locator("#documented .path").count(), paths.length);
	is("beside the live one", await column(page, "#documented .path:first-child", 2),
		paths[0].rows.map((row) => row.documented ?? ""));
}

// --- what it looks like ----------------------------------------------------------

// The contrast of WCAG between an element's colour and what is behind it.
const contrast = (page, selector) => page.$eval(selector, (element) => {
	const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
	const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
		.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	let behind = element;
	while (behind && (channels(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0) behind = behind.parentElement;
	const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind ?? document.body).backgroundColor]
		.map((colour) => light(channels(colour)));
	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
});

async function readable(page, scheme) {
	for (const selector of ["#about", ".tile span", ".tile.alarm b", "#way .facts", ".callout.failed b", "th button",
		"#pings td .good", "#pings td .bad", ".hint", "#budget small", ".result-renamed .result"]) {
		const value = await contrast(page, selector);
		ok(`${scheme}: ${selector} is readable`, value >= 4.5, value);
	}
}

async function narrow(browser, file) {
	const page = await openPage(browser, file, { width: 390, height: 844 });
	is("a phone: the page is no wider", await page.evaluate(() => document.documentElement.scrollWidth), 390);
	is("no part sticks out", await page.evaluate(() => [...document.querySelectorAll("body *")]
		.filter((element) => !element.closest(".scroller, .hidden, .skip, svg") && element.getBoundingClientRect().right > 390.5)
		.map((element) => element.outerHTML.slice(0, 80))), []);
	ok("the lanes scroll", await page.$eval("#lane .scroller", (element) => element.scrollWidth > element.clientWidth));
	await quiet(page, "a phone");
	await page.close();
}

async function dark(browser, file) {
	const page = await openPage(browser, file, { dark: true });
	const brightness = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g)
		.reduce((sum, value) => sum + Number(value), 0));
	ok("dark: the page is", brightness < 150, brightness);
	await readable(page, "dark");
	await page.close();
}

async function printed(page) {
	const pdf = await page.pdf({ format: "A4" });
	ok("printed", pdf.length > 50000 && pdf.subarray(0, 5).toString() === "%PDF-", pdf.length);
	ok("on some pages", pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length > 1);
	await page.emulateMedia({ media: "print" });
	await page.setViewportSize({ width: 720, height: 1000 }); // of A4 within its margins
	is("on paper no head runs into the next one", await page.$$eval("#pings th button", (list) => list
		.filter((button, i) => i && list[i - 1].getBoundingClientRect().right + 2 > button.getBoundingClientRect().left)
		.map((button) => button.textContent)), []);
	await page.emulateMedia({ media: "screen" });
	await page.setViewportSize({ width: 1280, height: 900 });
}

async function demo(browser) {
	const file = report("demo.html", "--demo");
	const page = await openPage(browser, file);
	const data = await dataOf(page);
	await readable(page, "light");
	await worstFirst(page, data);
	await marks(page, data);
	await lanes(page);
	await hover(page);
	await keyboard(page);
	await closer(page);
	await sorting(page, data);
	await sortingNothing(page);
	await filtering(page, data);
	await bothWays(page, data);
	await allStages(page, data);
	await documented(page, data);
	await printed(page);
	await quiet(page, "demo");
	await page.close();
	await narrow(browser, file);
	await dark(browser, file);
}

const browser = await openBrowser();
for (const part of [demo, ...others])
	await part(browser).catch((error) => ok(`${part.name}: no test gave up`, false, error.stack));
await browser.close();
process.exit(end());
