import { cell, unpackNumbers } from './numbers.js';
import { airyRange, colour } from './plot.js';
import { palette } from './theme.js';
import { tickTexts, valueText } from './units.js';
import { drawWhenSeen } from './when-seen.js';

/** Places of the columns in the data of a plot; later ones are drawn over earlier ones. */
const trendPlace = { low: 1, high: 2, levels: 3, values: 4 };

/** The curves of all scenarios; each is drawn when it is first seen, and those of one scenario share the cursor.
 * @param {HistorySeries[]} all */
export function startTrends(all) {
  /** @type {uPlot[]} */
  const drawn = [];
  drawWhenSeen('figure.curve', (figure) => {
    const [index = 0, trend = 0] = (figure.dataset.trend ?? '').split('-').map(Number);
    const series = all[index];
    const data = series?.trends[trend];
    if (series !== undefined && data !== undefined) drawn.push(drawTrend(figure, data, series, index));
  });
  return () => {
    for (const plot of drawn) plot.redraw(false);
  };
}

/** @param {HTMLElement} figure @param {TrendData} trend @param {HistorySeries} series @param {number} index */
function drawTrend(figure, trend, series, index) {
  const host = /** @type {HTMLElement} */ (figure.querySelector('.canvas'));
  const readout = /** @type {HTMLElement} */ (figure.querySelector('.readout'));
  const column = (/** @type {PackedNumbers | undefined} */ packed) =>
    packed === undefined ? series.runs.map(() => null) : unpackNumbers(packed).map(cell);
  const columns = [
    series.runs.map((_, run) => run),
    column(trend.low),
    column(trend.high),
    column(trend.levels),
    column(trend.values),
  ];
  const plot = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      scales: {
        x: { time: false, range: () => [-0.5, Math.max(0.5, series.runs.length - 0.5)] },
        y: { range: () => trendRange(columns) },
      },
      axes: trendAxes(trend, series),
      series: trendSeries(series.runs.length),
      bands: [{ series: [trendPlace.high, trendPlace.low], fill: colour('load-fill') }],
      legend: { show: false },
      cursor: {
        sync: { key: `series-${index}`, scales: ['x', null] },
        drag: { x: false, y: false },
        points: { show: false },
        y: false,
      },
      hooks: {
        drawClear: [(self) => markChanges(self, trend)],
        setCursor: [
          (self) => {
            readout.textContent = readoutText(self.cursor.idx, trend, series, columns);
          },
        ],
      },
    },
    /** @type {any} */ (columns),
    host,
  );
  new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight })).observe(host);
  host.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move === undefined) return;
    const at = Math.max(0, Math.min(series.runs.length - 1, (plot.cursor.idx ?? -1) + move));
    plot.setCursor({ left: plot.valToPos(at, 'x'), top: plot.over.clientHeight / 2 });
    event.preventDefault();
  });
  readout.textContent = readoutText(undefined, trend, series, columns);
  return plot;
}

/** Values and levels fill the height; an interval may run out of it by as much again.
 * @param {Cell[][]} columns @returns {[number, number]} */
function trendRange(columns) {
  const within = (/** @type {number[]} */ places) =>
    places.flatMap((place) => (columns[place] ?? []).filter((value) => value !== null));
  const values = within([trendPlace.values, trendPlace.levels]);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const bounds = within([trendPlace.low, trendPlace.high]);
  const room = Math.max(high - low, ...values.map((value) => Math.abs(value) * 0.1));
  const least = Math.min(low, ...bounds);
  const most = Math.max(high, ...bounds);
  if (room === 0) return airyRange(least, most);
  return airyRange(Math.max(least, low - room), Math.min(most, high + room));
}

/** @param {TrendData} trend @param {HistorySeries} series @returns {uPlot.Axis[]} */
function trendAxes(trend, series) {
  const shared = {
    stroke: colour('muted'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { show: false },
  };
  const counted = trend.unit.startsWith('B') ? 'B' : trend.unit;
  return [
    {
      ...shared,
      size: 40,
      space: 62,
      incrs: [1, 2, 3, 5, 7, 10, 14, 20, 30, 50, 100, 200, 500, 1000],
      values: (_plot, splits) => splits.map((split) => runLabel(series.runs[split])),
    },
    {
      ...shared,
      size: (_plot, values) => 14 + 6.4 * Math.max(4, ...(values ?? []).map((text) => text.length)),
      space: 28,
      ...(counted === 'B' && { incrs: Array.from({ length: 60 }, (_, power) => 2 ** (power - 10)) }),
      values: (_plot, splits) => tickTexts(splits, counted),
    },
  ];
}

/** Commit and day below each other. @param {HistoryRunData | undefined} run */
function runLabel(run) {
  if (run === undefined) return '';
  const day = run.at.slice(5, 10);
  return run.commit === '' ? day : `${run.commit.slice(0, 7)}\n${day}`;
}

/** @param {number} runs @returns {uPlot.Series[]} */
function trendSeries(runs) {
  const edge = { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } };
  const size = runs > 150 ? 3 : 5;
  return [
    {},
    { label: 'low', ...edge },
    { label: 'high', ...edge },
    {
      label: 'level',
      stroke: colour('fit'),
      width: 2,
      spanGaps: true,
      points: { show: false },
      ...(uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
    },
    {
      label: 'value',
      stroke: colour('floor'),
      width: 1,
      spanGaps: true,
      points: { show: true, size, stroke: colour('floor'), fill: colour('floor') },
    },
  ];
}

/** A line where each change begins, between the night before and the first one after. @param {uPlot} plot @param {TrendData} trend */
function markChanges(plot, { changes }) {
  const { top, height } = plot.bbox;
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = palette.fit ?? '#888';
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const { at } of changes) {
    const x = Math.round(plot.valToPos(at - 0.5, 'x', true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
  }
  ctx.restore();
}

/** `4.1 B/cycle`, with the counted part in a unit that reads well. @param {number} value @param {string} unit */
function amountText(value, unit) {
  const slash = unit.lastIndexOf('/');
  if (slash < 0 || unit === 'cycles/s') return valueText(value, unit);
  return `${valueText(value, unit.slice(0, slash))}${unit.slice(slash)}`;
}

/** What lies under the cursor, in words; the last run while there is none.
 * @param {number | null | undefined} at @param {TrendData} trend @param {HistorySeries} series @param {Cell[][]} columns */
function readoutText(at, trend, series, columns) {
  const run = series.runs[at ?? series.runs.length - 1];
  if (run === undefined) return '';
  const value = (/** @type {number} */ place) => columns[place]?.[at ?? series.runs.length - 1] ?? undefined;
  const [amount, low, high] = [value(trendPlace.values), value(trendPlace.low), value(trendPlace.high)];
  const counted = trend.unit.split('/')[0] ?? '';
  const interval =
    low === undefined || high === undefined ? '' : ` (${valueText(low, counted)} to ${valueText(high, counted)})`;
  return [
    amount === undefined ? 'not measured' : `${amountText(amount, trend.unit)}${interval}`,
    run.verdict,
    run.at.slice(0, 10),
    run.commit,
  ]
    .filter(Boolean)
    .join(' · ');
}
