// SPDX-License-Identifier: GPL-2.0-only
// types.mjs DIR: is the dashboard what @grafana/schema says that one is? Prints the compiler's
// complaints, of dashboard.ts in DIR, which is the JSON with types.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { dashboardFile } from "./file.mjs";

const dir = resolve(process.argv[2]);
const types = readFileSync(new URL("types.ts", import.meta.url), "utf8");
const { panels, ...rest } = JSON.parse(readFileSync(dashboardFile, "utf8"));
const type = ({ type }) => `${type[0].toUpperCase()}${type.slice(1)}`;
const declared = panels.map((panel) =>
	`export const panel${panel.id}: ${type(panel)} = ${JSON.stringify(panel, null, 1)};`);

writeFileSync(join(dir, "dashboard.ts"), [types,
	`export const dashboard: Rest = ${JSON.stringify(rest, null, 1)};`, ...declared, ""].join("\n"));
const { stdout, status } = spawnSync(process.execPath, [join(dir, "node_modules/typescript/bin/tsc"), "--noEmit",
	"--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler", "--typeRoots", join(dir, "none"),
	join(dir, "dashboard.ts")], { encoding: "utf8" });
process.stdout.write(stdout);
process.exitCode = status;
