import type { StoredRun } from '../../model/run-log.js';
import type { Finding, Interval } from '../../model/run-record.js';
import { type JudgedMetric, judgedMetrics } from '../decide/judged-metrics.js';
import { rounded } from '../findings/finding.js';
import type { Bounded } from '../statistics/combined-intervals.js';
import { multipleLeastSquares } from '../statistics/multiple-least-squares.js';
import { growthOf, upsideDown } from './growth.js';

/** Growth that a part of a scenario must still show. */
export interface LeakRate {
  readonly metric: string;
  /** Operations that may drive it, those that most of the growth goes with first. */
  readonly operations: readonly string[];
  /** Those of them that growth is known to go with; the first alone where none is. */
  readonly causes: readonly string[];
  /** The first of these stands out: the slope is per cycle of it, else per cycle of all. */
  readonly isAttributed: boolean;
  readonly slope: Interval;
  /** Read in the census only, which comes last. */
  readonly counted: boolean;
}

export interface RateVerdict {
  readonly state: 'same' | 'less' | 'undecided';
  readonly slope?: Interval;
}

/**
 * What leaks by cycles, what shows with the fewest cycles first.
 * @param findings of the run
 */
export function leakRates(run: StoredRun, findings: readonly Finding[]): LeakRate[] {
  const metrics = metricsOf(run);
  const leaking = findings.flatMap(({ metric, verdict }) => (verdict === 'leak' ? (metrics.get(metric) ?? []) : []));
  const ranked = operationsByIncrements(run, leaking);
  const rates = findings.flatMap(({ metric, verdict, driver, operation, byOperation = [], slope }) => {
    const judged = metrics.get(metric);
    if (verdict !== 'leak' || driver === 'time' || judged === undefined || slope.estimate === 0) return [];
    const isAttributed = operation !== undefined && run.manifest.operations.length > 1;
    const operations = isAttributed ? [operation, ...ranked.filter((name) => name !== operation)] : ranked;
    const shown = byOperation.flatMap((share) => (share.grows === 'yes' ? [share.operation] : []));
    const several = isAttributed || shown.length === 0 ? operations.slice(0, 1) : shown;
    const causes = operations.filter((name) => several.includes(name));
    const rate: LeakRate = { metric, operations, causes, isAttributed, slope, counted: isCounted(run, judged) };
    return [{ rate, effort: judged.tolerance.allowance / Math.abs(slope.estimate) }];
  });
  return rates
    .sort((one, other) => Number(one.rate.counted) - Number(other.rate.counted) || one.effort - other.effort)
    .map(({ rate }) => rate);
}

/**
 * Operations by how much each round grew with them, in the metric that shows it most sharply. Where several only leak together,
 * growth is no sum of what each brings: over all cycles none stands out, from round to round they do.
 */
function operationsByIncrements(run: StoredRun, leaking: readonly JudgedMetric[]): readonly string[] {
  const { operations } = run.manifest;
  const increments = (values: ArrayLike<number>) =>
    Float64Array.from({ length: values.length - 1 }, (_, index) => values[index + 1]! - values[index]!);
  const fits = leaking.flatMap(({ series: { rows, values } }) => {
    const columns = operations.map((operation) => {
      const counts = run.samples.cyclesByOperation.get(operation);
      return increments(Float64Array.from(rows, (row) => counts?.[row] ?? 0));
    });
    const fit = multipleLeastSquares(columns, increments(values));
    if (fit === undefined) return [];
    // Counts may fit without any error.
    const sharpness = fit.coefficients.map((slope, index) =>
      slope === 0 ? 0 : Math.abs(slope) / fit.standardErrors[index]!,
    );
    return [{ sharpness, most: Math.max(...sharpness) }];
  });
  const [best] = fits.sort((one, other) => other.most - one.most);
  if (best === undefined) return operations;
  const place = new Map(operations.map((operation, index) => [operation, best.sharpness[index]!]));
  return operations.toSorted((one, other) => place.get(other)! - place.get(one)!);
}

/** Half of the least that the run's own interval allows: a part that grows by less is none of the leak. */
export function growthMinOf({ slope: { low, high } }: Pick<LeakRate, 'slope'>): number {
  return Math.min(Math.abs(low), Math.abs(high)) / 2;
}

/**
 * One look of a sequential test: does a run grow as fast as the leak, or faster? Both windows of its cycles must lie on one
 * side of half of the least that the run's own interval allows, and growth must exceed what a sound target shows.
 * @param alpha error rate of this look
 */
export function judgeByRate(run: StoredRun, rate: LeakRate, alpha: number): RateVerdict {
  const { metric, operations, isAttributed, slope } = rate;
  const judged = metricsOf(run).get(metric);
  const seen = judged && growthOf(judged, alpha);
  if (judged === undefined || seen === undefined) return { state: 'undecided' };
  const growth = slope.estimate < 0 ? upsideDown(seen) : seen;
  const scale = isAttributed ? cyclesEach(run, operations[0]!) : 1;
  const half = growthMinOf(rate);
  const windows = [growth.whole, growth.late];
  const sharper = seen.late.high - seen.late.low < seen.whole.high - seen.whole.low ? seen.late : seen.whole;
  const shown = scaled(sharper, scale, slope.unit);
  if (windows.every(({ low, estimate }) => low * scale > half && estimate > growth.allowance))
    return { state: 'same', slope: shown };
  if (windows.every(({ high }) => high * scale < half)) return { state: 'less', slope: shown };
  return { state: 'undecided', slope: shown };
}

/** Cycles of all operations for each of one; none of that one is none of its growth. */
function cyclesEach({ samples }: StoredRun, operation: string): number {
  const own = samples.cyclesByOperation.get(operation)?.at(-1) ?? 0;
  return own === 0 ? 1 : (samples.cycles.at(-1) ?? 0) / own;
}

function scaled({ estimate, low, high }: Bounded, scale: number, unit: string): Interval {
  return { estimate: rounded(estimate * scale), low: rounded(low * scale), high: rounded(high * scale), unit };
}

function metricsOf(run: StoredRun): ReadonlyMap<string, JudgedMetric> {
  return new Map(judgedMetrics(run, run.samples.length).map((metric) => [metric.tolerance.metric, metric]));
}

function isCounted({ samples }: StoredRun, { series }: JudgedMetric): boolean {
  return samples.phases[series.rows[0]!] === 'census';
}
