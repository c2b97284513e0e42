import type { Finding } from '../../model/run-record.js';
import { msPerHour } from '../../model/units.js';
import type { JudgedMetric } from '../decide/judged-metrics.js';
import type { Tolerance } from '../decide/tolerance.js';
import { byteWindows } from '../growth/byte-windows.js';
import { countWindows } from '../growth/count-windows.js';
import type { SlopeWindows } from '../growth/trend.js';
import type { Bounded } from '../statistics/combined-intervals.js';

/** Growth of one metric in one run, seen through two windows of its cycles. */
export interface Growth {
  /** From a quarter of the cycles on, and from a half on. */
  readonly whole: Bounded;
  readonly late: Bounded;
  /** Growth that a sound target may show in this run, per cycle: warming up is an amount, not an amount a cycle. */
  readonly allowance: number;
  readonly cycles: number;
}

/** What growth is counted against: cycles, hours where it goes with time, or the rows of a curve without time. */
export type GrowthAxis = 'cycle' | 'h' | 'row';

/** Bounds at an error rate of `alpha` each; undefined where there are too few floors. */
export function growthOf(metric: JudgedMetric, alpha: number, axis: GrowthAxis = 'cycle'): Growth | undefined {
  const { tolerance, series, channel } = axis === 'h' ? againstTime(metric) : metric;
  const windows = channel === 'count' ? countWindows(series, tolerance) : byteWindows(series, tolerance);
  if (windows === undefined) return undefined;
  const scale = axis === 'h' ? msPerHour : 1;
  const bounded = (window: 'whole' | 'late'): Bounded => {
    const { low, high } = windows.bounds(window, alpha);
    return { estimate: windows.trend[window].slope * scale, low: low * scale, high: high * scale };
  };
  return {
    whole: bounded('whole'),
    late: bounded('late'),
    allowance: allowanceOf(windows, tolerance) * scale,
    cycles: metric.series.cycles.at(-1)!,
  };
}

/** Growth as a finding states it, where samples do not: a single window. */
export function growthOfFinding({ slope: { estimate, low, high }, budget }: Finding, cycles: number): Growth {
  const slope = { estimate, low, high };
  return { whole: slope, late: slope, allowance: budget, cycles };
}

function allowanceOf({ trend, restlessness }: SlopeWindows, tolerance: Tolerance): number {
  if (tolerance.explicitBudget) return tolerance.budget;
  return Math.max(tolerance.budget, Math.max(tolerance.allowance, restlessness) / trend.late.span);
}

/** The same metric with milliseconds in place of cycles. */
function againstTime(metric: JudgedMetric): JudgedMetric {
  const { series, tolerance } = metric;
  const elapsed = series.elapsedMs.at(-1) ?? 0;
  const cyclesPerMs = elapsed > 0 ? series.cycles.at(-1)! / elapsed : 0;
  return {
    ...metric,
    series: { ...series, cycles: series.elapsedMs },
    tolerance: { ...tolerance, budget: tolerance.budget * cyclesPerMs },
  };
}

/** Turned upside down: of a gauge that runs dry, falling is what must not happen. */
export function upsideDown({ whole, late, ...rest }: Growth): Growth {
  const turned = ({ estimate, low, high }: Bounded) => ({ estimate: -estimate, low: -high, high: -low });
  return { ...rest, whole: turned(whole), late: turned(late) };
}
