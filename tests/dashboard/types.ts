// SPDX-License-Identifier: GPL-2.0-only
// Grafana's types of a dashboard and of the panels that this one has, as JSON has them: enums are
// their values, and what a panel leaves out has a default.
import type { Options as HeatmapOptions } from
	"@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen.js";
import type { Options as StatOptions } from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.js";
import type { FieldConfig as GraphConfig, Options as GraphOptions } from
	"@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.js";
import type * as raw from "@grafana/schema/dist/esm/raw/dashboard/x/dashboard_types.gen.js";

type Same = number | boolean | null | undefined;
type Json<T> = unknown extends T ? T : T extends string ? `${T}` : T extends Same ? T :
	T extends (infer E)[] ? Json<E>[] : { [K in keyof T]: Json<T[K]> };
type Some<T> = unknown extends T ? T : T extends string ? `${T}` : T extends Same ? T :
	T extends (infer E)[] ? Some<E>[] : { [K in keyof T]?: Some<T[K]> };

type Variable = Json<Omit<raw.VariableModel, "current" | "datasource">> &
	{ definition?: string, current: Some<raw.VariableOption>, datasource?: Source };
type Source = { type: "prometheus", uid: string };
type Target = { datasource: Source, expr: string, legendFormat: string, refId: string,
	format?: "time_series" | "table" | "heatmap", instant?: boolean, range?: boolean, interval?: string, hide?: boolean };
type Fields<Custom> = {
	defaults: Some<Omit<raw.FieldConfig, "custom">> & { custom?: Some<Custom> },
	overrides: { matcher: { id: "byName" | "byRegexp" | "byFrameRefID" | "byType", options: string },
		properties: { id: string, value: unknown }[] }[],
};
type Panel<Type, Options, Custom> = Json<Omit<raw.Panel, "type" | "options" | "fieldConfig" | "targets" | "datasource">> &
	{ id: number, type: Type, title: string, description: string, datasource: Source, gridPos: raw.GridPos,
		targets: Target[], options: Some<Options>, fieldConfig: Fields<Custom> };

type Stat = Panel<"stat", StatOptions, Record<string, never>>;
type Timeseries = Panel<"timeseries", GraphOptions, GraphConfig>;
type Heatmap = Panel<"heatmap", HeatmapOptions, Record<string, never>>;
type Row = Json<Omit<raw.RowPanel, "panels">> & { panels: [] };
type Rest = Json<Omit<raw.Dashboard, "panels" | "templating" | "snapshot">> & { templating: { list: Variable[] } };
