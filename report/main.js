// SPDX-License-Identifier: GPL-2.0-only
import { startBoth } from "./both.js";
import { startDocumented } from "./documented.js";
import { startPings } from "./pings.js";
import { startStages } from "./stages.js";
import { startRecordings, startSummary } from "./summary.js";
import { startWay } from "./way.js";

startSummary();
startPings();
startDocumented();
startWay(); // tells the others which ping it shows
startBoth();
startStages();
startRecordings();

// On paper nothing can be opened.
const closed = [];
addEventListener("beforeprint", () => {
	for (const details of document.querySelectorAll("main details:not([open])")) {
		closed.push(details);
		details.open = true;
	}
});
addEventListener("afterprint", () => {
	for (const details of closed.splice(0)) details.open = false;
});

document.documentElement.dataset.ready = "";
