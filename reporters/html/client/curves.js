import { unpackNumbers } from './numbers.js';
import {
  colour,
  mergePositions,
  nearest,
  place,
  plotAxes,
  plotColumns,
  plotSeries,
  rangeOf,
  shadeWarmup,
} from './plot.js';
import { timeText, valueText } from './units.js';
import { drawWhenSeen } from './when-seen.js';

/** The curves of all metrics: one axis, one zoom and one cursor for all of them; each is drawn when it is first seen.
 * @param {CurveData} curves @returns {StartedCurves} */
export function startCurves(curves) {
  /** @type {{ axis: Axis, range: [number, number] | undefined, load: LoadView }} */
  const state = { axis: shownAxis(), range: undefined, load: 'clipped' };
  /** @type {{ plot: uPlot, chart: ChartData }[]} */
  const drawn = [];
  /** @type {Map<Axis, Positions>} */
  const merged = new Map();
  const positions = () => {
    const known = merged.get(state.axis) ?? mergePositions(curves, state.axis);
    merged.set(state.axis, known);
    return known;
  };
  /** @returns {[number, number]} */
  const whole = () => {
    const { x } = positions();
    const [first = 0, last = 1] = [x[0], x.at(-1)];
    return last > first ? [first, last] : [first, first + 1];
  };
  const reset = /** @type {HTMLButtonElement} */ (document.querySelector('button.reset'));
  let zooming = false;
  const zoom = (/** @type {[number, number] | undefined} */ range) => {
    if (zooming) return;
    zooming = true;
    state.range = range;
    reset.disabled = range === undefined;
    const [min, max] = range ?? whole();
    for (const { plot } of drawn) plot.setScale('x', { min, max });
    zooming = false;
  };
  const controls = { curves, state, positions, zoom, whole };

  const { figures, end } = drawWhenSeen('figure.curve', (figure) => {
    const chart = curves.charts[Number(figure.dataset.chart)];
    if (chart !== undefined) drawn.push({ chart, plot: drawCurve(figure, chart, controls) });
  });

  const redrawAll = () => {
    for (const { plot, chart } of drawn)
      plot.setData(/** @type {any} */ (plotColumns(chart, positions(), curves.floors.phases)), false);
    zoom(undefined);
  };
  startTools({ state, figures, redrawAll, reset: () => zoom(undefined), drawn });
  return {
    redraw: () => {
      for (const { plot } of drawn) plot.redraw(false);
    },
    end: () => {
      end();
      for (const { plot } of drawn) plot.destroy();
    },
  };
}

/** @returns {Axis} */
function shownAxis() {
  const chosen = document.querySelector('#curves input[name=axis]:checked');
  return chosen instanceof HTMLInputElement && chosen.value === 'time' ? 'time' : 'cycles';
}

/** @param {{ state: { axis: Axis, load: LoadView }, figures: HTMLElement[], redrawAll: () => void, reset: () => void,
 *   drawn: { plot: uPlot, chart: ChartData }[] }} tools */
function startTools({ state, figures, redrawAll, reset, drawn }) {
  const tools = /** @type {HTMLElement} */ (document.querySelector('#curves .tools'));
  tools.hidden = false;
  tools.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement && target.name === 'axis') {
      state.axis = target.value === 'time' ? 'time' : 'cycles';
      redrawAll();
    }
    if (target instanceof HTMLSelectElement) {
      state.load = /** @type {LoadView} */ (target.value);
      for (const { plot, chart } of drawn) showLoad(plot, chart, state.load);
    }
  });
  const search = /** @type {HTMLInputElement} */ (tools.querySelector('input[type=search]'));
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    for (const figure of figures) figure.hidden = !(figure.dataset.metric ?? '').toLowerCase().includes(wanted);
    if (wanted === '') return;
    for (const details of document.querySelectorAll('details.folded')) details.toggleAttribute('open', true);
  });
  tools.querySelector('button.reset')?.addEventListener('click', reset);
}

/** @param {uPlot} plot @param {ChartData} chart @param {LoadView} view */
function showLoad(plot, chart, view) {
  const show = view !== 'hidden';
  plot.setSeries(place.low, { show });
  if (chart.load?.high !== undefined) plot.setSeries(place.high, { show });
  const { min, max } = plot.scales.x ?? {};
  if (min !== undefined && min !== null && max !== undefined && max !== null) plot.setScale('x', { min, max });
}

/** @param {HTMLElement} figure @param {ChartData} chart
 * @param {{ curves: CurveData, state: { axis: Axis, range: [number, number] | undefined, load: LoadView },
 *   positions: () => Positions, zoom: (range: [number, number] | undefined) => void, whole: () => [number, number] }} controls */
function drawCurve(figure, chart, { curves, state, positions, zoom, whole }) {
  const host = /** @type {HTMLElement} */ (figure.querySelector('.canvas'));
  const readout = /** @type {HTMLElement} */ (figure.querySelector('.readout'));
  const warmupEnd = () =>
    state.axis === 'time' ? (chart.warmup?.elapsedMs ?? Number.NaN) / 1000 : chart.warmup?.cycles;
  const isPlanted = (/** @type {number} */ at) => curves.floors.phases[positions().floor[at] ?? -1] === 'k';
  const showReadout = () => {
    readout.textContent = cursorText(plot, chart, state.axis);
  };
  const plot = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      scales: { x: { time: false }, y: { range: rangeOf(chart, () => state.load, isPlanted) } },
      axes: plotAxes(chart.unit, () => state.axis),
      series: plotSeries(chart, positions().ofFloor.length),
      bands: [
        { series: [place.high, place.low], fill: colour('load-fill') },
        { series: [place.fitHigh, place.fitLow], fill: colour('band') },
      ],
      legend: { show: false },
      cursor: {
        sync: { key: 'plateau', scales: ['x', null] },
        drag: { x: true, y: false, setScale: false },
        points: { show: false },
        y: false,
        bind: {
          dblclick: () => () => {
            zoom(undefined);
            return null;
          },
        },
      },
      hooks: {
        drawClear: [(self) => shadeWarmup(self, warmupEnd())],
        setCursor: [showReadout],
        setSelect: [
          (self) => {
            if (self.select.width < 4) return;
            const from = self.posToVal(self.select.left, 'x');
            zoom([from, self.posToVal(self.select.left + self.select.width, 'x')]);
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    /** @type {any} */ (plotColumns(chart, positions(), curves.floors.phases)),
    host,
  );
  const [min, max] = state.range ?? whole();
  plot.setScale('x', { min, max });
  if (state.load === 'hidden') showLoad(plot, chart, state.load);
  new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight })).observe(host);
  host.addEventListener('keydown', (event) => steer(event, plot, zoom));
  showReadout();
  return plot;
}

/** What lies under the cursor, in words; what there is in all while there is none.
 * @param {uPlot | undefined} plot @param {ChartData} chart @param {Axis} axis */
function cursorText(plot, chart, axis) {
  const at = plot?.cursor.idx;
  if (plot === undefined || at === null || at === undefined) return rangeText(chart);
  const x = plot.data[0][at] ?? 0;
  const value = (/** @type {number} */ column) => nearest(/** @type {any} */ (plot.data[column]), at);
  const text = (/** @type {number | undefined} */ number) =>
    number === undefined ? undefined : valueText(number, chart.unit);
  const [floor, low, high] = [value(place.judged) ?? value(place.other), value(place.low), value(place.high)];
  const fit = plot.data[place.fit]?.some((one) => one !== null) ? value(place.fit) : undefined;
  return [
    axis === 'time' ? timeText(x) || '0 s' : `cycle ${Math.round(x).toLocaleString('en-US')}`,
    floor === undefined ? undefined : `floor ${text(floor)}`,
    low === undefined
      ? undefined
      : `under load ${text(low)}${high === undefined || high === low ? '' : ` to ${text(high)}`}`,
    fit === undefined ? undefined : `slope ${text(fit)}`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** How many floors were read, the values at both ends, and where load went. @param {ChartData} chart */
function rangeText(chart) {
  const text = (/** @type {number[]} */ ends) => [...new Set(ends.map((value) => valueText(value, chart.unit)))];
  const floors = unpackNumbers(chart.floors).filter((value) => !Number.isNaN(value));
  const [first, last] = [floors[0], floors.at(-1)];
  const low = chart.load ? unpackNumbers(chart.load.low).filter((value) => !Number.isNaN(value)) : [];
  const high = chart.load?.high ? unpackNumbers(chart.load.high).filter((value) => !Number.isNaN(value)) : low;
  const least = low.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const most = high.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  return [
    ...(first === undefined || last === undefined
      ? []
      : [`${chart.read} ${chart.read === 1 ? 'floor' : 'floors'}`, text([first, last]).join(' → ')]),
    ...(least <= most ? [`under load ${text([least, most]).join(' to ')}`] : []),
  ].join(' · ');
}

/** Arrow keys move the cursor, plus and minus zoom around it, Escape shows all.
 * @param {KeyboardEvent} event @param {uPlot} plot @param {(range: [number, number] | undefined) => void} zoom */
function steer(event, plot, zoom) {
  const { min = 0, max = 1 } = plot.scales.x ?? {};
  const x = plot.data[0];
  const inView = (/** @type {number} */ index) =>
    x[index] !== undefined && x[index] >= (min ?? 0) && x[index] <= (max ?? 0);
  const at = plot.cursor.idx ?? x.findIndex((_, index) => inView(index));
  const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
  if (move !== undefined) {
    const next = Math.max(0, Math.min(x.length - 1, at + move));
    plot.setCursor({ left: plot.valToPos(x[next] ?? 0, 'x'), top: plot.over.clientHeight / 2 });
  } else if (event.key === '+' || event.key === '=' || event.key === '-') {
    const half = (((max ?? 1) - (min ?? 0)) / 2) * (event.key === '-' ? 2 : 0.5);
    const [first = 0, last = 1] = [x[0], x.at(-1)];
    const centre = x[at] ?? (first + last) / 2;
    const range = /** @type {[number, number]} */ ([Math.max(first, centre - half), Math.min(last, centre + half)]);
    zoom(range[0] <= first && range[1] >= last ? undefined : range);
  } else if (event.key === 'Escape') zoom(undefined);
  else return;
  event.preventDefault();
}
