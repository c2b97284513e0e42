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

/** What the reader has opened stays open. @param {HTMLElement} element @param {string} html */
function replaceContent(element, html) {
  const open = [...element.querySelectorAll('details')].map((details) => details.open);
  element.innerHTML = html;
  for (const [index, details] of element.querySelectorAll('details').entries())
    details.open = open[index] ?? details.open;
}

/** Shows a run anew. @param {LiveRun} run */
function show(run) {
  if (live.querySelector('.canvas:hover') !== null) {
    waiting = run;
    return;
  }
  waiting = undefined;
  drawn?.end();
  replaceContent(live, run.html);
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
source.addEventListener('things', (event) => replaceContent(things, JSON.parse(event.data)));
