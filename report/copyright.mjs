// SPDX-License-Identifier: GPL-2.0-only
// copyright.mjs BUNDLED COPYRIGHT: debian/copyright on stdout, as it is up to the page's stanza;
// that and what follows it anew, from what bundle.mjs says is in the page.
import { readFileSync } from "node:fs";
import { licencesOf } from "./bundled.mjs";

const stanza = "\nFiles: report/page.html.gz\n";

// A holder's years as one range; the bundled packages have the same few holders.
function holdersOf(packages) {
	const years = {};
	for (const line of packages.flatMap(({ holders }) => holders)) {
		const [, first, last, who] = /^(\d+)(?:-(\d+))? (.*)$/.exec(line);
		years[who] ??= [first, last ?? first];
		if (first < years[who][0]) years[who][0] = first;
		if ((last ?? first) > years[who][1]) years[who][1] = last ?? first;
	}
	return Object.keys(years).sort()
		.map((who) => `${[...new Set(years[who])].join("-")} ${who}`);
}

const idsOf = ({ parts }) => parts.map(({ id }) => id).sort().join(", ");
const indented = (text) => text.split("\n").map((line) => ` ${line || "."}`).join("\n");

const { packages } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const [own] = readFileSync(process.argv[3], "utf8").split(stanza);
const texts = licencesOf(packages);
const ids = Object.keys(texts).sort();

process.stdout.write(`${own.trimEnd()}
${stanza}Copyright:
 2026 icmpx contributors
${indented(holdersOf(packages).join("\n"))}
License: ${["GPL-2.0-only", ...ids].join(" and ")}
Comment:
 The page of "icmpx report", which is in the program. What draws its charts has parts
 of these packages in it, whose notices are at the end of each page, too (icmpx report
 --demo). This stanza and those below it are written by "make copyright" from
 report/package-lock.json.
 .
${indented(packages.map((one) => ` ${one.name} ${one.version}: ${idsOf(one)}`).join("\n"))}

${ids.map((id) => `License: ${id}\n${indented(texts[id])}\n`).join("\n")}`);
