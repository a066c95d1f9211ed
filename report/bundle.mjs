// SPDX-License-Identifier: GPL-2.0-only
// bundle.mjs FILE: template.html with style, program and licences in it, so that it loads nothing.
// FILE.bundled.json: the packages it has parts of, and every file that was looked at.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundled } from "./bundled.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const modules = process.env.NODE_PATH;
const esbuild = createRequire(join(modules, "x.js"))("esbuild");
const source = (name) => readFileSync(join(here, name), "utf8");

// ColorBrewer's schemes stay out: see no-schemes.js. An import that is left would fail, as an
// empty module has no such name.
const withoutSchemes = {
	name: "without-schemes",
	setup(build) {
		build.onResolve({ filter: /\/schemes\.js$/ }, () => ({ path: join(here, "no-schemes.js") }));
		build.onResolve({ filter: /^d3-scale-chromatic$/ }, () => ({ path: "none", namespace: "none" }));
		build.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "export {};" }));
	},
};

async function program() {
	return esbuild.build({
		entryPoints: [join(here, "main.js")],
		nodePaths: [modules],
		bundle: true,
		minify: true,
		format: "iife",
		target: ["chrome111", "firefox111", "safari16"],
		legalComments: "inline",
		plugins: [withoutSchemes],
		metafile: true,
		write: false,
		logLevel: "warning",
	});
}

const notice = ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`;

const escapeText = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const built = await program();
const script = built.outputFiles[0].text.trim();
const packages = bundled(built.metafile, modules, JSON.parse(source("package-lock.json")));
const page = source("template.html")
	.replace("@SCRIPT_HASH@", () => hash(script))
	.replace("@STYLE@", () => source("style.css").trim())
	.replace("@LICENCES@", () => escapeText(packages.map(notice).join("\n----\n\n")))
	.replace("@SCRIPT@", () => script);
if (page.split("@DATA@").length !== 2) throw new Error("not one place for the data");
if (/<\/script/i.test(script)) throw new Error("the program would end its element");
writeFileSync(`${process.argv[2]}.bundled.json`,
	JSON.stringify({ packages, files: Object.keys(built.metafile.inputs) }));
writeFileSync(process.argv[2], page);
