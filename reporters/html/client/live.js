import { startCurves } from './curves.js';
import { startTheme } from './theme.js';

/** @typedef {{ id: string, html: string, curves: CurveData }} LiveRun */

const live = /** @type {HTMLElement} */ (document.getElementById('live'));
const things = /** @type {HTMLElement} */ (document.getElementById('things'));
const connection = /** @type {HTMLElement} */ (document.querySelector('.connection'));
/** @type {StartedCurves | undefined} */
let drawn;
/** What came while the reader's pointer was on a curve. @type {LiveRun | undefined} */
let waiting;

/** Shows a run anew; what the reader has opened stays open. @param {LiveRun} run */
function show(run) {
  if (live.querySelector('.canvas:hover') !== null) {
    waiting = run;
    return;
  }
  waiting = undefined;
  const open = [...live.querySelectorAll('details')].map((details) => details.open);
  drawn?.end();
  live.innerHTML = run.html;
  for (const [index, details] of live.querySelectorAll('details').entries()) details.open = open[index] ?? details.open;
  drawn = run.curves.charts.length > 0 ? startCurves(run.curves) : undefined;
}

live.addEventListener('pointerout', () => {
  if (waiting !== undefined) show(waiting);
});

startTheme(() => drawn?.redraw());

const source = new EventSource('events');
source.addEventListener('open', () => {
  connection.textContent = 'live';
});
source.addEventListener('error', () => {
  connection.textContent = 'plateau has ended, or is out of reach; what is shown stays';
});
source.addEventListener('run', (event) => show(JSON.parse(event.data)));
source.addEventListener('things', (event) => {
  const open = [...things.querySelectorAll('details')].map((details) => details.open);
  things.innerHTML = JSON.parse(event.data);
  for (const [index, details] of things.querySelectorAll('details').entries())
    details.open = open[index] ?? details.open;
});
