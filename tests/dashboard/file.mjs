// SPDX-License-Identifier: GPL-2.0-only
// Where things are. ICMPX_DASHBOARD: another dashboard than the one that is there.
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

export const dashboardFile = process.env.ICMPX_DASHBOARD ?? path("deploy/grafana/icmpx.json");
export const built = (name) => path(`build/dashboard/${name}`);
