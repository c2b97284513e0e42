import { cell, unpackNumbers } from './numbers.js';
import { airyRange, colour, nearest, plotAxes } from './plot.js';
import { valueText } from './units.js';
import { drawWhenSeen } from './when-seen.js';

/** Both runs of a comparison on one axis of cycles; each chart is drawn when it is first seen.
 * @param {OverlayData[]} overlays */
export function startOverlays(overlays) {
  /** @type {uPlot[]} */
  const drawn = [];
  drawWhenSeen('figure[data-overlay]', (figure) => {
    const overlay = overlays[Number(figure.dataset.overlay)];
    if (overlay !== undefined) drawn.push(drawOverlay(figure, overlay));
  });
  return () => {
    for (const plot of drawn) plot.redraw(false);
  };
}

/** Columns of both runs on their merged positions: cycles, floors before and after, slopes before and after.
 * @param {OverlayData} overlay @returns {[number[], ...Cell[][]]} */
function columnsOf({ before, after }) {
  const sides = [before, after].map(({ cycles, values, slope }) => ({
    cycles: unpackNumbers(cycles),
    values: unpackNumbers(values),
    slope,
  }));
  const ends = sides.flatMap(({ slope }) => slope?.cycles ?? []);
  const x = [...new Set([...sides.flatMap(({ cycles }) => cycles), ...ends])].sort((one, other) => one - other);
  const at = new Map(x.map((value, index) => [value, index]));
  const spread = (/** @type {number[]} */ cycles, /** @type {number[]} */ values) => {
    /** @type {Cell[]} */
    const column = new Array(x.length).fill(null);
    cycles.forEach((value, index) => {
      column[at.get(value) ?? -1] = cell(values[index]);
    });
    return column;
  };
  return [
    x,
    ...sides.map(({ cycles, values }) => spread(cycles, values)),
    ...sides.map(({ slope }) => spread(slope?.cycles ?? [], slope?.values ?? [])),
  ];
}

/** @param {HTMLElement} figure @param {OverlayData} overlay */
function drawOverlay(figure, overlay) {
  const host = /** @type {HTMLElement} */ (figure.querySelector('.canvas'));
  const readout = /** @type {HTMLElement} */ (figure.querySelector('.readout'));
  const dots = (/** @type {string} */ name, /** @type {string} */ fill) => ({
    paths: () => null,
    points: { show: true, size: 5, width: 1, stroke: colour(name), fill: colour(fill) },
  });
  const line = (/** @type {string} */ name, /** @type {number[]} */ dash) => ({
    stroke: colour(name),
    width: 2,
    dash,
    spanGaps: true,
    points: { show: false },
  });
  const showReadout = () => {
    readout.textContent = overlayText(plot, overlay.unit);
  };
  const plot = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      scales: { x: { time: false }, y: { range: (_plot, low, high) => airyRange(low ?? 0, high ?? 1) } },
      axes: plotAxes(overlay.unit, () => 'cycles'),
      series: [
        {},
        { label: 'before', ...dots('before', 'ground') },
        { label: 'after', ...dots('after', 'after') },
        { label: 'slope before', ...line('before', [6, 4]) },
        { label: 'slope after', ...line('after', []) },
      ],
      legend: { show: false },
      cursor: { sync: { key: 'plateau', scales: ['x', null] }, points: { show: false }, y: false },
      hooks: { setCursor: [showReadout] },
    },
    /** @type {any} */ (columnsOf(overlay)),
    host,
  );
  new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight })).observe(host);
  showReadout();
  return plot;
}

/** Values of both runs under the cursor; the last ones while there is none. @param {uPlot | undefined} plot @param {string} unit */
function overlayText(plot, unit) {
  if (plot === undefined) return '';
  const last = plot.data[0].length - 1;
  const at = plot.cursor.idx ?? last;
  const text = (/** @type {number} */ column) => {
    const value = nearest(/** @type {any} */ (plot.data[column]), at);
    return value === undefined ? 'none' : valueText(value, unit);
  };
  const where =
    plot.cursor.idx === null || plot.cursor.idx === undefined
      ? 'at the end'
      : `cycle ${(plot.data[0][at] ?? 0).toLocaleString('en-US')}`;
  return `${where} · before ${text(1)} · after ${text(2)}`;
}
