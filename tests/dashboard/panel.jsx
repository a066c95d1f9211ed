// SPDX-License-Identifier: GPL-2.0-only
// A panel as Grafana's components draw it.
import { applyFieldOverrides, getDisplayValueAlignmentFactors, getFieldDisplayValues,
	getPanelOptionsWithDefaults } from "@grafana/data";
import { BigValue, PanelChrome, TimeSeries, VizRepeater } from "@grafana/ui";
import { plugins } from "./plugins.js";

const timeZone = "browser";
const replaceVariables = (text) => text;

function Stat({ series, options, fieldConfig, range, width, height, theme }) {
	const getValues = () => getFieldDisplayValues({ fieldConfig, reduceOptions: options.reduceOptions,
		replaceVariables, theme, data: series, sparkline: options.graphMode !== "none", timeZone });
	return <VizRepeater getValues={getValues} getAlignmentFactors={getDisplayValueAlignmentFactors}
		source={series} width={width} height={height} orientation={options.orientation} autoGrid itemSpacing={3}
		renderValue={({ value, alignmentFactors, width, height, count }) => <BigValue
			value={value.display} theme={theme} width={width} height={height} count={count}
			alignmentFactors={alignmentFactors} colorMode={options.colorMode} graphMode={options.graphMode}
			justifyMode={options.justifyMode} textMode={options.textMode} text={options.text}
			wideLayout={options.wideLayout}
			sparkline={value.sparkline && { ...value.sparkline, timeRange: range }} />} />;
}

const Timeseries = ({ series, options, range, width, height }) => <TimeSeries frames={series} timeRange={range}
	timeZone={timeZone} width={width} height={height} legend={options.legend} options={options} />;

const Note = ({ text }) => <p className="note">{text}</p>;

const Heatmap = () => <Note text="Grafana publishes no component for its heatmap: this one is seen in Grafana alone." />;

const draw = { stat: Stat, timeseries: Timeseries, heatmap: Heatmap };

export function Panel({ panel, data, error, width, height, range, theme }) {
	const plugin = plugins[panel.type];
	const { options, fieldConfig } = getPanelOptionsWithDefaults({ plugin, currentOptions: panel.options,
		currentFieldConfig: panel.fieldConfig, isAfterPluginChange: false });
	const series = applyFieldOverrides({ data, fieldConfig, theme, timeZone, replaceVariables,
		fieldConfigRegistry: plugin.fieldConfigRegistry });
	const Drawn = draw[panel.type];
	return <PanelChrome title={panel.title} description={panel.description} width={width} height={height}
		statusMessage={error}>
		{(innerWidth, innerHeight) => series.length === 0 ? <Note text="No data" /> :
			<Drawn {...{ series, options, fieldConfig, range, theme }} width={innerWidth} height={innerHeight} />}
	</PanelChrome>;
}
