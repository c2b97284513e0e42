import { cell, unpackNumbers } from './numbers.js';
import { palette } from './theme.js';
import { isCounted, tickTexts, timeText } from './units.js';

/** Places of the series in the data of a plot; later ones are drawn over earlier ones. */
export const place = { low: 1, high: 2, fitLow: 3, fitHigh: 4, fit: 5, other: 6, judged: 7 };

/** @param {string} name */
export const colour = (name) => () => palette[name] ?? '#888';

/** @param {Axis} axis @param {CurveData} curves @returns {Positions} */
export function mergePositions(curves, axis) {
  const key = axis === 'cycles' ? 'cycles' : 'elapsedMs';
  const scale = axis === 'cycles' ? 1 : 1 / 1000;
  const floors = unpackNumbers(curves.floors[key]).map((value, index) => ({
    x: value * scale,
    floor: index,
    load: -1,
  }));
  const loads = unpackNumbers(curves.load[key]).map((value, index) => ({ x: value * scale, floor: -1, load: index }));
  const all = [...floors, ...loads].sort((one, other) => one.x - other.x);
  /** @type {number[]} */
  const ofFloor = new Array(floors.length);
  all.forEach(({ floor }, index) => {
    if (floor >= 0) ofFloor[floor] = index;
  });
  return { x: all.map(({ x }) => x), floor: all.map(({ floor }) => floor), load: all.map(({ load }) => load), ofFloor };
}

/** Columns of one metric on merged positions. @param {ChartData} chart @param {Positions} positions @param {string} phases */
export function plotColumns(chart, positions, phases) {
  const floors = unpackNumbers(chart.floors);
  const low = chart.load ? unpackNumbers(chart.load.low) : [];
  const high = chart.load?.high ? unpackNumbers(chart.load.high) : [];
  const judged = (/** @type {number} */ floor) => chart.judgedPhases.includes(phases[floor] ?? '');
  const atFloors = (/** @type {boolean} */ wanted) =>
    positions.floor.map((floor) => (floor >= 0 && judged(floor) === wanted ? cell(floors[floor]) : null));
  const atLoads = (/** @type {number[]} */ values) =>
    positions.load.map((load) => (load >= 0 ? cell(values[load]) : null));
  /** @param {'line' | 'low' | 'high'} part */
  const fitted = (part) => {
    /** @type {Cell[]} */
    const column = new Array(positions.x.length).fill(null);
    chart.fit?.floors.forEach((floor, index) => {
      column[positions.ofFloor[floor] ?? -1] = chart.fit?.[part][index] ?? null;
    });
    return column;
  };
  return [
    positions.x,
    atLoads(low),
    atLoads(high),
    fitted('low'),
    fitted('high'),
    fitted('line'),
    atFloors(false),
    atFloors(true),
  ];
}

/**
 * A range with air above and below, never narrower than a hundredth of the level: what is flat must look flat.
 * @param {number} low @param {number} high @returns {[number, number]}
 */
export function airyRange(low, high) {
  const counted = low === high && Number.isInteger(high) && high < 1000;
  const span = Math.max(high - low, counted ? 2 : Math.abs(high) * 0.01) || 2;
  const middle = (low + high) / 2;
  return [low >= 0 ? Math.max(0, middle - span * 0.58) : middle - span * 0.58, middle + span * 0.58];
}

/** Lowest and highest value of some columns among the positions in view.
 * @param {uPlot} plot @param {number[]} columns @param {(at: number) => boolean} [isWanted]
 * @returns {[number, number] | undefined} */
function extentInView(plot, columns, isWanted = () => true) {
  const x = plot.data[0];
  const { min, max } = plot.scales.x ?? {};
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < x.length; at += 1) {
    const position = x[at] ?? 0;
    if (position < (min ?? position) || position > (max ?? position) || !isWanted(at)) continue;
    for (const column of columns) {
      const value = plot.data[column]?.[at];
      if (value === null || value === undefined) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : undefined;
}

/** @param {[number, number] | undefined} one @param {[number, number] | undefined} other */
function joined(one, other) {
  if (one === undefined || other === undefined) return one ?? other;
  return /** @type {[number, number]} */ ([Math.min(one[0], other[0]), Math.max(one[1], other[1])]);
}

/**
 * The range of one metric. Where it grows or may grow its floors keep the larger part of the height, those at rest included. What was
 * read under load, or with objects that a control round planted, may run out of the picture; elsewhere everything shows.
 * @param {ChartData} chart @param {() => LoadView} loadView @param {(at: number) => boolean} isPlanted positions of control rounds
 * @returns {(plot: uPlot) => [number, number]}
 */
export function rangeOf(chart, loadView, isPlanted) {
  return (plot) => {
    const view = loadView();
    const judged = extentInView(plot, [place.fitLow, place.fitHigh, place.fit, place.judged]);
    const floors = joined(
      judged,
      extentInView(plot, [place.other], (at) => !isPlanted(at)),
    );
    const others = joined(
      extentInView(plot, [place.other], isPlanted),
      view === 'hidden' ? undefined : extentInView(plot, [place.low, place.high]),
    );
    if (floors === undefined || others === undefined) return airyRange(...(floors ?? others ?? [0, 1]));
    const [low, high] = floors;
    const clipped = view === 'clipped' && high > low && (chart.tone === 'bad' || chart.tone === 'unknown');
    const room = clipped ? high - low : Number.POSITIVE_INFINITY;
    return airyRange(Math.min(low, Math.max(others[0], low - room)), Math.max(high, Math.min(others[1], high + room)));
  };
}

/** Steps of an axis: of bytes powers of two, of counts whole numbers. */
const binary = Array.from({ length: 50 }, (_, power) => 2 ** power);
const whole = Array.from({ length: 36 }, (_, index) => ([1, 2, 5][index % 3] ?? 1) * 10 ** Math.floor(index / 3));

/** @param {string} unit @param {() => Axis} axisOf @returns {uPlot.Axis[]} */
export function plotAxes(unit, axisOf) {
  const shared = {
    stroke: colour('muted'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...shared,
      size: 28,
      space: 70,
      values: (_plot, splits) =>
        axisOf() === 'time'
          ? splits.map((seconds) => timeText(seconds) || '0')
          : splits.map((value) => value.toLocaleString('en-US')),
    },
    {
      ...shared,
      size: (_plot, values) => 14 + 6.4 * Math.max(4, ...(values ?? []).map((text) => text.length)),
      space: 28,
      ...(unit === 'B' ? { incrs: binary } : isCounted(unit) ? { incrs: whole } : {}),
      values: (_plot, splits) => tickTexts(splits, unit),
    },
  ];
}

/** @param {ChartData} chart @param {number} floorCount @returns {uPlot.Series[]} */
export function plotSeries(chart, floorCount) {
  const size = floorCount > 400 ? 3 : 5;
  const nothing = () => null;
  const dots = { show: true, size, stroke: colour('floor'), fill: colour('floor') };
  const hollow = { show: true, size: size + 1, width: 1, stroke: colour('other'), fill: colour('ground') };
  const load = { stroke: colour('load'), width: 1, spanGaps: true, points: { show: false } };
  const edge = { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } };
  return [
    {},
    { label: 'lowest under load', ...load },
    { label: 'highest under load', ...load, show: chart.load?.high !== undefined },
    { label: 'lowest slope', ...edge },
    { label: 'highest slope', ...edge },
    { label: 'slope', stroke: colour('fit'), width: 2, spanGaps: true, points: { show: false } },
    { label: 'floor of another phase', paths: nothing, points: hollow },
    { label: 'floor', paths: nothing, points: dots },
  ];
}

/** Shades the warm-up behind everything else. @param {uPlot} plot @param {number | undefined} until */
export function shadeWarmup(plot, until) {
  if (until === undefined) return;
  const { left, top, width, height } = plot.bbox;
  const right = Math.min(left + width, plot.valToPos(until, 'x', true));
  if (right <= left) return;
  plot.ctx.save();
  plot.ctx.fillStyle = palette.warmup ?? '#8882';
  plot.ctx.fillRect(left, top, right - left, height);
  plot.ctx.restore();
}

/** Nearest value to the left or the right of a position. @param {ArrayLike<Cell | undefined>} column @param {number} at */
export function nearest(column, at) {
  for (let distance = 0; distance < column.length; distance += 1) {
    const before = column[at - distance] ?? column[at + distance];
    if (before !== null && before !== undefined) return before;
  }
  return undefined;
}
