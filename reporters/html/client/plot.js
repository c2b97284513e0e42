import { cell, unpackNumbers } from './numbers.js';
import { palette } from './theme.js';
import { tickTexts, timeText } from './units.js';

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
 * @type {uPlot.Scale.Range}
 */
export const airyRange = (_plot, low, high) => {
  if (low === null || high === null) return [0, 1];
  const counted = low === high && Number.isInteger(high) && high < 1000;
  const span = Math.max(high - low, counted ? 2 : Math.abs(high) * 0.01) || 2;
  const middle = (low + high) / 2;
  return [low >= 0 ? Math.max(0, middle - span * 0.58) : middle - span * 0.58, middle + span * 0.58];
};

/** @param {string} unit @param {() => Axis} axisOf @returns {uPlot.Axis[]} */
export function plotAxes(unit, axisOf) {
  const shared = {
    stroke: colour('muted'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { show: false },
  };
  const binary = Array.from({ length: 50 }, (_, power) => 2 ** power);
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
      ...(unit === 'B' ? { incrs: binary } : {}),
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
