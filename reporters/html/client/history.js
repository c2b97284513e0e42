import { startTheme } from './theme.js';
import { startTrends } from './trends.js';

const historyData = /** @type {HistoryData} */ (JSON.parse(document.getElementById('data')?.textContent ?? '{}'));
/** Redraw what is on a canvas, in the colours that are on now. @type {(() => void)[]} */
const redraws = [];
startTheme(() => {
  for (const redraw of redraws) redraw();
});
redraws.push(startTrends(historyData.series));
