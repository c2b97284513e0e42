import type { Finding } from '../../model/run-record.js';
import type { Shape } from '../../model/verdict.js';
import type { Decision } from '../decide/decision.js';
import type { Tolerance } from '../decide/tolerance.js';
import { teethOf } from '../growth/sawtooth.js';
import type { FloorSeries } from '../series/floors.js';
import { leastSquares } from '../statistics/least-squares.js';
import { median } from '../statistics/order-statistics.js';

/** What a series does, with the numbers that belong to it. */
export interface Description {
  readonly shape: Shape;
  readonly saturation?: NonNullable<Finding['saturation']>;
  readonly step?: NonNullable<Finding['step']>;
  readonly periodCycles?: number;
}

/** Growth of less than this many times what every sound target shows is not reported. */
const mentionedMin = 8;

/** A plateau by a generous budget is growth that is allowed, and is reported as growth: its level at the end is none. */
function growsWithinBudget({ cycles, values }: FloorSeries, { state, slope, budget }: Decision, tolerance: Tolerance) {
  if (state !== 'plateau') return false;
  if (slope.low > budget / 4) return true;
  const growth = slope.estimate * (cycles.at(-1)! - cycles[0]!);
  const rise = values.at(-1)! - values[0]!;
  return slope.low > 0 && growth >= mentionedMin * tolerance.allowance && growth > rise / 4;
}

const mayLevelOff: ReadonlySet<Decision['doubt']> = new Set(['decelerating', 'noise', 'below', 'warm-up']);

/** Names the shape of a series that was judged; for the reader, never for the verdict. */
export function describe(series: FloorSeries, decision: Decision, tolerance: Tolerance): Description {
  const step = decision.step === undefined ? {} : { step: decision.step };
  if (decision.state === 'leak') return { shape: decision.shape, ...step };
  if (decision.fill !== undefined) return { shape: decision.shape, saturation: decision.fill };
  // A gauge that stays within its bound may go up and down there; what was given back at rest has its own course.
  if (decision.bound !== undefined || decision.release !== undefined) return { shape: decision.shape, ...step };
  const period = sawtoothPeriod(series);
  if (period !== undefined) return { shape: 'sawtooth', periodCycles: period };
  if (growsWithinBudget(series, decision, tolerance)) return { shape: 'linear', ...step };
  if (decision.state === 'plateau') {
    const saturated = reached(series, tolerance);
    const rise = (saturated?.saturation?.level ?? 0) - series.values[0]!;
    // The end of a fill is a sudden change too; a step makes up most of the rise by itself.
    if (decision.step !== undefined && !(saturated !== undefined && decision.step.height < rise / 2))
      return { shape: 'step', ...step };
    return saturated ?? { shape: 'flat' };
  }
  if (mayLevelOff.has(decision.doubt)) {
    const saturation = saturationOf(series);
    if (saturation !== undefined) return { shape: 'saturating', saturation };
  }
  return { shape: decision.shape, ...step };
}

/** Cycles from peak to peak, after the first quarter. */
function sawtoothPeriod(series: FloorSeries): number | undefined {
  const from = Math.floor(series.values.length / 4);
  const peaks = teethOf(series.values.subarray(from))?.peaks;
  if (peaks === undefined) return undefined;
  return (series.cycles[from + peaks.at(-1)!]! - series.cycles[from + peaks[0]!]!) / (peaks.length - 1);
}

/** The level that a series came to, and when; undefined where it was there from the start. */
function reached({ cycles, values }: FloorSeries, tolerance: Tolerance): Description | undefined {
  const level = median(values.subarray(Math.floor((values.length * 3) / 4)));
  const rise = level - values[0]!;
  const at = values.findIndex((value) => value >= level - rise / 20);
  if (rise < mentionedMin * tolerance.allowance || at < values.length / 6) return undefined;
  return { shape: 'saturating', saturation: { level, atCycles: cycles[at]! } };
}

const timeConstants = 32;
/** An exponential approach must describe the series this much better than a line does. */
const clearlyCurved = 2;

/**
 * Level that a decelerating series goes to: y = level - rest * exp(-x / constant), by least squares over a grid of
 * constants. There is no level to state while the series is hardly curved.
 */
export function saturationOf({ cycles, values }: FloorSeries): Description['saturation'] {
  const last = cycles.at(-1);
  if (last === undefined || values.length < 12) return undefined;
  const line = leastSquares(cycles, values).residualSum;
  let best = { residualSum: Number.POSITIVE_INFINITY, level: 0, constant: 0, rest: 0 };
  for (let step = 0; step < timeConstants; step += 1) {
    const constant = (last / 16) * 2 ** (step / 6);
    const fit = leastSquares(
      cycles.map((at) => Math.exp(-at / constant)),
      values,
    );
    if (fit.residualSum < best.residualSum)
      best = { residualSum: fit.residualSum, level: fit.intercept, constant, rest: -fit.slope };
  }
  if (best.rest <= 0 || best.residualSum * clearlyCurved > line) return undefined;
  // 98 % of the way.
  return { level: best.level, atCycles: Math.round(best.constant * Math.log(50)) };
}
