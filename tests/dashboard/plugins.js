// SPDX-License-Identifier: GPL-2.0-only
// The panel types: which options and field properties they know, and the defaults of these. Grafana
// publishes how they are drawn, as components, but not these lists.
import {
	FieldType, PanelPlugin, booleanOverrideProcessor, dataLinksOverrideProcessor, displayNameOverrideProcessor,
	identityOverrideProcessor, numberOverrideProcessor, standardEditorsRegistry, standardFieldConfigEditorRegistry,
	stringOverrideProcessor, thresholdsOverrideProcessor, unitOverrideProcessor, valueMappingsOverrideProcessor,
} from "@grafana/data";
import { defaultOptions as statOptions } from
	"@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.js";
import { commonOptionsBuilder, graphFieldOptions } from "@grafana/ui";

const property = (id, process, more) => ({ id, path: id, name: id, process, shouldApply: () => true, ...more });
const number = { shouldApply: (field) => field.type === FieldType.number };

// Editors are what an option is changed with: here none is.
standardEditorsRegistry.setInit(() => ["boolean", "color", "dashboard-uid", "field-name", "multi-select", "number",
	"radio", "select", "slider", "stats-picker", "strings", "text", "timezone", "unit"].map((id) => ({ id, name: id })));

standardFieldConfigEditorRegistry.setInit(() => [
	property("displayName", displayNameOverrideProcessor),
	property("unit", unitOverrideProcessor, number),
	property("min", numberOverrideProcessor, number),
	property("max", numberOverrideProcessor, number),
	property("fieldMinMax", booleanOverrideProcessor, number),
	property("decimals", numberOverrideProcessor, number),
	property("noValue", stringOverrideProcessor),
	property("color", identityOverrideProcessor),
	property("thresholds", thresholdsOverrideProcessor, { ...number, defaultValue: { mode: "absolute",
		steps: [{ value: -Infinity, color: "green" }, { value: 80, color: "red" }] } }),
	property("mappings", valueMappingsOverrideProcessor, { ...number, defaultValue: [] }),
	property("links", dataLinksOverrideProcessor),
]);

const tooltip = (builder) => commonOptionsBuilder.addTooltipOptions(builder);

function graphProperties(builder) {
	const add = (path, defaultValue) => builder.addCustomEditor({ id: path, path, name: path, defaultValue,
		process: identityOverrideProcessor, shouldApply: (field) => field.type !== FieldType.time });
	add("drawStyle", "line");
	add("lineInterpolation", graphFieldOptions.lineInterpolation[0].value);
	add("lineStyle");
	add("lineWidth", 1);
	add("fillOpacity", 0);
	add("fillBelowTo");
	add("gradientMode", graphFieldOptions.fillGradient[0].value);
	add("spanNulls", false);
	add("showPoints", graphFieldOptions.showPoints[0].value);
	add("pointSize", 5);
	add("thresholdsStyle", { mode: "off" });
	commonOptionsBuilder.addStackingConfig(builder, { mode: "none", group: "A" });
	commonOptionsBuilder.addAxisConfig(builder, {});
	commonOptionsBuilder.addHideFrom(builder);
}

export const plugins = {
	stat: new PanelPlugin(null)
		.useFieldConfig({ standardOptions: { color: { defaultValue: { mode: "thresholds" } } } })
		.setPanelOptions((builder) => {
			for (const [path, defaultValue] of Object.entries({ ...statOptions, orientation: "auto", text: undefined,
				reduceOptions: { values: false, calcs: ["lastNotNull"], fields: "" } }))
				builder.addCustomEditor({ id: path, path, name: path, defaultValue });
		}),
	timeseries: new PanelPlugin(null)
		.useFieldConfig({ standardOptions: { color: { defaultValue: { mode: "palette-classic" } } },
			useCustomConfig: graphProperties })
		.setPanelOptions((builder) => {
			tooltip(builder);
			commonOptionsBuilder.addLegendOptions(builder);
		}),
	heatmap: new PanelPlugin(null).useFieldConfig({ useCustomConfig: commonOptionsBuilder.addHideFrom })
		.setPanelOptions(tooltip),
};

// Of fields' properties that are set, those that the panel's type does not know.
export function unknownProperties({ type, fieldConfig }) {
	const registry = plugins[type].fieldConfigRegistry;
	const known = (id) => registry.getIfExists(id) !== undefined;
	const visit = (value, prefix) => Object.entries(value).flatMap(([name, inner]) => {
		if (known(prefix + name)) return [];
		return prefix === "" && name === "custom" ? visit(inner, "custom.") : [prefix + name];
	});
	return [...visit(fieldConfig.defaults, ""),
		...fieldConfig.overrides.flatMap((o) => o.properties.map((p) => p.id)).filter((id) => !known(id))];
}
