// SPDX-License-Identifier: GPL-2.0-only
// The packages that a bundle has parts of: name, version, licences, holders and full text. Stops at
// a licence that is not known to go with GPL-2.0-only, also where the bundler found nothing of
// that package in use.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

// How the text of each begins.
const known = {
	"BSD-3-Clause": "Redistribution and use in source and binary forms,",
	ISC: "Permission to use, copy, modify, and/or distribute",
	MIT: "Permission is hereby granted, free of charge,",
};

// Lines between the licences: who holds the rights, titles, what a licence is about.
const holder = /^Copyright (?:\(c\) )?(\d.*)$/i;
const between = /^(All rights reserved\.?|The MIT License \(MIT\)|This license applies to .*)$/;

const oneLine = (text) => text.replace(/\s+/g, " ").trim();

// A paragraph that is neither begins nor belongs to a licence that is known.
function parse(name, text) {
	const holders = [], parts = [];
	let part = null;
	for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
		const begins = Object.keys(known).find((key) => line.startsWith(known[key]));
		const found = holder.exec(line);
		if (begins) parts.push(part = { id: begins, text: "" });
		else if (found) holders.push(found[1]);
		if (found || between.test(line)) part = null;
		else if (part) part.text += line + "\n";
		else if (line) throw new Error(`${name}: not the text of a known licence: ${line}`);
	}
	if (!holders.length || !parts.length) throw new Error(`${name}: no holder or no licence`);
	return { holders, parts: parts.map((one) => ({ id: one.id, text: one.text.trim() })) };
}

// Of paths as the metafile has them; nested packages have more than one node_modules.
function packagesOf(paths) {
	const found = new Set();
	for (const path of paths) {
		const match = /node_modules\/((?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(path);
		if (match) found.add(match[1]);
	}
	return [...found].sort();
}

function licenceFile(dir) {
	const file = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"]
		.map((base) => join(dir, base)).find(existsSync);
	if (!file) throw new Error(`${dir}: no licence text`);
	return readFileSync(file, "utf8").trim();
}

function describe(path, modules, lock) {
	const locked = lock.packages[`node_modules/${path}`];
	const dir = join(modules, path);
	const { name, version } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
	if (locked?.version !== version)
		throw new Error(`${name} ${version}: package-lock.json has ${locked?.version}`);
	if (!known[locked.license])
		throw new Error(`${name}: ${locked.license}: not known to go with GPL-2.0-only`);
	const text = licenceFile(dir);
	const { holders, parts } = parse(name, text);
	if (!parts.some(({ id }) => id === locked.license))
		throw new Error(`${name}: its text is not ${locked.license}`);
	return { path, name, version, license: locked.license, holders, parts, text };
}

export function bundled({ inputs, outputs }, modules, lock) {
	const all = packagesOf(Object.keys(inputs)).map((path) => describe(path, modules, lock));
	const used = packagesOf(Object.values(outputs).flatMap((output) =>
		Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput)
			.map(([path]) => path)));
	return all.filter(({ path }) => used.includes(path));
}

// The one text of each licence; wrapped as the first package has it.
export function licencesOf(packages) {
	const texts = {};
	for (const { name, parts } of packages)
		for (const { id, text } of parts) {
			texts[id] ??= text;
			if (oneLine(texts[id]) !== oneLine(text))
				throw new Error(`${name}: another text of ${id}`);
		}
	return texts;
}
