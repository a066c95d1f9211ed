// SPDX-License-Identifier: GPL-2.0-only
// bundle.mjs REPORT DIR: page.html in DIR, of main.jsx and Grafana's packages there; esbuild is REPORT's.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [report, dir] = process.argv.slice(2).map((path) => resolve(path));
const esbuild = createRequire(join(report, "node_modules/x.js"))("esbuild");
const { overrides } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

// Packages that package.json puts others in the place of: of these the page runs nothing.
const nothing = {
	name: "nothing",
	setup(build) {
		const names = Object.keys(overrides).join("|");
		build.onResolve({ filter: new RegExp(`^(${names})(/|$)`) }, () => ({ path: "nothing", namespace: "nothing" }));
		build.onLoad({ filter: /./, namespace: "nothing" }, () => ({ contents: "module.exports = {};" }));
	},
};

await esbuild.build({
	entryPoints: [fileURLToPath(new URL("main.jsx", import.meta.url))],
	outfile: join(dir, "page.js"),
	nodePaths: [join(dir, "node_modules")],
	mainFields: ["module", "browser", "main"],
	define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
	jsx: "automatic",
	bundle: true,
	minify: true,
	format: "iife",
	target: "chrome111",
	plugins: [nothing],
	logLevel: "warning",
});
writeFileSync(join(dir, "page.html"), `<!doctype html>
<meta charset="utf-8">
<title>icmpx</title>
<body><div id="page"></div>
<link rel="stylesheet" href="page.css">
<script src="page.js"></script>
`);
