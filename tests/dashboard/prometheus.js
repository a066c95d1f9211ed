// SPDX-License-Identifier: GPL-2.0-only
// What Grafana's server does between a panel and Prometheus: variables, steps, and answers as frames.
import { FieldType, rangeUtil } from "@grafana/data";

async function get(api, path, parameters = {}) {
	const response = await fetch(`${api}/${path}?${new URLSearchParams(parameters)}`);
	const answer = await response.json();
	if (answer.status !== "success") throw new Error(answer.error);
	return answer.data;
}

const seconds = (time) => time.valueOf() / 1000;

export function replaced(text, values) {
	const known = (whole, name) => {
		if (!(name in values)) throw new Error(`${whole}: no such variable`);
		return values[name];
	};
	return text.replace(/\$\{(\w+)\}/g, known).replace(/\$(\w+)/g, known);
}

// The values of each variable that Grafana would offer, and what it puts for "All".
export async function variables(dashboard, { api, range }) {
	const chosen = {};
	const list = [];
	for (const { name, label, type, query, allValue } of dashboard.templating.list) {
		if (type === "datasource") {
			list.push({ name, label, text: "Prometheus", values: ["Prometheus"] });
			continue;
		}
		const [, metric, wanted] = /^label_values\((.*), *(\w+)\)$/s.exec(query.query);
		const values = await get(api, `label/${wanted}/values`, { "match[]": replaced(metric, chosen),
			start: seconds(range.from), end: seconds(range.to) });
		chosen[name] = allValue;
		list.push({ name, label, text: "All", values });
	}
	return { chosen, list };
}

// What is no number is no point.
function point([, text]) {
	const value = Number(text);
	return Number.isFinite(value) ? value : null;
}

// A label that is not there is nothing.
const legend = (format, labels) => format.replace(/\{\{\s*(.+?)\s*\}\}/g, (whole, name) => labels[name] ?? "");

function frame({ metric, values }, { refId, legendFormat }, step) {
	const name = legend(legendFormat, metric);
	return {
		refId,
		name,
		meta: { type: "timeseries-multi" },
		length: values.length,
		fields: [
			{ name: "Time", type: FieldType.time, config: { interval: step * 1000 },
				values: values.map(([time]) => time * 1000) },
			{ name: "Value", type: FieldType.number, labels: metric,
				config: { displayNameFromDS: name }, values: values.map(point) },
		],
	};
}

// setting: {api, range, scrape}, scrape: seconds between scrapes as the data source is told them.
export async function frames(panel, width, chosen, { api, range, scrape }) {
	const { intervalMs } = rangeUtil.calculateInterval(range, width, `${scrape}s`);
	const step = intervalMs / 1000;
	const values = { ...chosen, __rate_interval: `${Math.max(step + scrape, 4 * scrape)}s` };
	const answers = await Promise.all(panel.targets.map(async (target) => {
		const { result } = await get(api, "query_range", {
			query: replaced(target.expr, values), step,
			start: Math.floor(seconds(range.from) / step) * step, end: Math.floor(seconds(range.to) / step) * step,
		});
		return result.map((series) => frame(series, target, step));
	}));
	return answers.flat();
}
