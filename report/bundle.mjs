// SPDX-License-Identifier: GPL-2.0-only
// bundle.mjs FILE: template.html with style, program and licences in it, so that it loads nothing.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = process.env.NODE_PATH;
const esbuild = createRequire(join(modules, "x.js"))("esbuild");
const source = (name) => readFileSync(join(here, name), "utf8");

async function program() {
	return esbuild.build({
		entryPoints: [join(here, "main.js")],
		nodePaths: [modules],
		bundle: true,
		minify: true,
		format: "iife",
		target: ["chrome111", "firefox111", "safari16"],
		legalComments: "inline",
		metafile: true,
		write: false,
		logLevel: "warning",
	});
}

// Of each package that is in it.
function licences(inputs) {
	const names = new Set();
	for (const input of Object.keys(inputs)) {
		const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
		if (match) names.add(match[1]);
	}
	return [...names].sort().map((name) => {
		const { version, license } = JSON.parse(
			readFileSync(join(modules, name, "package.json"), "utf8"));
		const file = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"]
			.map((base) => join(modules, name, base)).find(existsSync);
		if (!file) throw new Error(`${name}: no licence text`);
		return `${name} ${version} (${license})\n\n${readFileSync(file, "utf8").trim()}\n`;
	}).join("\n----\n\n");
}

const escapeText = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const built = await program();
const script = built.outputFiles[0].text.trim();
const page = source("template.html")
	.replace("@SCRIPT_HASH@", () => hash(script))
	.replace("@STYLE@", () => source("style.css").trim())
	.replace("@LICENCES@", () => escapeText(licences(built.metafile.inputs)))
	.replace("@SCRIPT@", () => script);
if (page.split("@DATA@").length !== 2) throw new Error("not one place for the data");
if (/<\/script/i.test(script)) throw new Error("the program would end its element");
writeFileSync(process.argv[2], page);
