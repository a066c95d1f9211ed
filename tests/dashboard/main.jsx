// SPDX-License-Identifier: GPL-2.0-only
// The page: draw(dashboard, {api, from, to, scrape, dark}) lays its panels out, times in ms.
import { createTheme, dateTime, getValueFormats } from "@grafana/data";
import { GlobalStyles, Icon, Text, ThemeContext } from "@grafana/ui";
import { createRoot } from "react-dom/client";
import { Panel } from "./panel.jsx";
import { unknownProperties } from "./plugins.js";
import { frames, variables } from "./prometheus.js";

const columns = 24, cell = 30, gap = 8, margin = 16;

const units = () => new Set(getValueFormats().flatMap(({ submenu }) => submenu.map(({ value }) => value)));

// Every "unit" in it that Grafana has no format for.
function unknownUnits(value, known) {
	if (value === null || typeof value !== "object") return [];
	return Object.entries(value).flatMap(([name, inner]) => {
		const unit = name === "unit" ? inner : value.id === "unit" && name === "value" ? inner : undefined;
		return unit === undefined ? unknownUnits(inner, known) : known.has(unit) ? [] : [unit];
	});
}

function place({ x, y, w, h }, width) {
	const unit = (width - 2 * margin + gap) / columns;
	return { left: margin + x * unit, top: margin + y * (cell + gap), width: w * unit - gap,
		height: h * (cell + gap) - gap };
}

const clock = (time) => time.format("YYYY-MM-DD HH:mm:ss");

function Head({ dashboard, list, range }) {
	return <header>
		<Text element="h1" variant="h3">{dashboard.title}</Text>
		{list.map(({ name, label, text }) => <span key={name}><label>{label}</label><b>{text}</b></span>)}
		<span className="range"><b>{clock(range.from)} to {clock(range.to)}</b></span>
	</header>;
}

const Row = ({ title }) => <div className="row">
	<Icon name="angle-down" /><Text element="h2" variant="h5">{title}</Text>
</div>;

function Page({ dashboard, list, drawn, range, theme, width }) {
	const height = Math.max(...drawn.map(({ box }) => box.top + box.height)) + margin;
	return <ThemeContext.Provider value={theme}>
		<GlobalStyles />
		<Head {...{ dashboard, list, range }} />
		<main style={{ height }}>
			{drawn.map(({ panel, box, data, error }) => <div key={panel.id} data-panel={panel.id} className="place" style={box}>
				{panel.type === "row" ? <Row title={panel.title} /> :
					<Panel {...{ panel, data, error, range, theme }} width={box.width} height={box.height} />}
			</div>)}
		</main>
	</ThemeContext.Provider>;
}

const style = (theme) => `
	body { background: ${theme.colors.background.canvas}; overflow: auto; }
	header { display: flex; gap: 16px; align-items: center; padding: 16px 16px 0; }
	header span { border: 1px solid ${theme.colors.border.medium}; border-radius: 2px; }
	header label { padding: 0 8px; margin: 0; line-height: 30px; background: ${theme.colors.background.secondary};
		font-size: 12px; font-weight: 500; }
	header b { padding: 0 8px; font-weight: 400; line-height: 30px; }
	header .range { margin-left: auto; }
	main { position: relative; }
	.place { position: absolute; }
	.row { display: flex; align-items: center; gap: 4px; }
	.note { height: 100%; display: flex; align-items: center; justify-content: center; text-align: center;
		color: ${theme.colors.text.secondary}; }`;

const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

// What it tells of each panel: {id, title, series: names, error, unknown: units and properties}
globalThis.draw = async (dashboard, { api, from, to, scrape, dark }) => {
	const theme = createTheme({ colors: { mode: dark ? "dark" : "light" } });
	const range = { from: dateTime(from), to: dateTime(to), raw: { from: dateTime(from), to: dateTime(to) } };
	const setting = { api, range, scrape };
	const width = document.documentElement.clientWidth;
	const { chosen, list } = await variables(dashboard, setting);
	const drawn = await Promise.all(dashboard.panels.map(async (panel) => {
		const box = place(panel.gridPos, width);
		if (panel.type === "row") return { panel, box, data: [] };
		return frames(panel, Math.floor(box.width), chosen, setting).then((data) => ({ panel, box, data }),
			(error) => ({ panel, box, data: [], error: error.message }));
	}));
	document.head.append(Object.assign(document.createElement("style"), { textContent: style(theme) }));
	const root = createRoot(document.getElementById("page"));
	// What is drawn on a canvas does not wait for its font.
	root.render(<ThemeContext.Provider value={theme}><GlobalStyles /></ThemeContext.Provider>);
	await painted();
	await Promise.all([400, 500].map((weight) => document.fonts.load(`${weight} 12px Inter`)));
	root.render(<Page {...{ dashboard, list, drawn, range, theme, width }} />);
	await painted();
	const known = units();
	return drawn.map(({ panel, data, error }) => ({
		id: panel.id, title: panel.title, error, series: data.map(({ name }) => name),
		unknown: panel.type === "row" ? [] : [...unknownUnits(panel, known), ...unknownProperties(panel)],
	}));
};
