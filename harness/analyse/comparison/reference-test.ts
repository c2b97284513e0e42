import { parentMetric } from '../../model/metric.js';
import type { StoredRun } from '../../model/run-log.js';
import type { Finding, Interval } from '../../model/run-record.js';
import { type JudgedMetric, judgedMetrics } from '../decide/judged-metrics.js';
import { rounded } from '../findings/finding.js';
import type { Bounded } from '../statistics/combined-intervals.js';
import { type Growth, type GrowthAxis, growthOf } from './growth.js';

/** Two runs between which others are distinguished: one without a leak and one with it. */
export interface References {
  readonly good: StoredRun;
  readonly bad: StoredRun;
}

/** A metric that distinguishes the references. */
export interface DistinguishingMetric {
  readonly metric: string;
  readonly axis: GrowthAxis;
  /** Read in the census only, which comes last: a run must be driven to its end. */
  readonly counted: boolean;
  readonly good: Interval;
  readonly bad: Interval;
}

/** What a run is, beside the references. */
export interface ReferenceVerdict {
  readonly state: 'good' | 'bad' | 'undecided';
  readonly slope?: Interval;
}

/** The references must differ by this many times what a sound target may grow by. */
const clearly = 2;
const windows = ['whole', 'late'] as const;

/**
 * Metrics that leak in one reference and not in the other, those that decide with the fewest cycles first.
 * @param leaks findings of the bad reference that may be taken
 */
export function distinguishingMetrics(
  references: References,
  leaks: readonly Finding[],
  alpha: number,
): DistinguishingMetric[] {
  const good = metricsOf(references.good);
  const bad = metricsOf(references.bad);
  const candidates = leaks.flatMap((finding) => {
    const axis: GrowthAxis = finding.driver === 'time' ? 'h' : 'cycle';
    const [left, right] = [good.get(finding.metric), bad.get(finding.metric)];
    const [before, after] = [left && growthOf(left, alpha, axis), right && growthOf(right, alpha, axis)];
    if (right === undefined || before === undefined || after === undefined || !areApart(before, after)) return [];
    const metric: DistinguishingMetric = {
      metric: finding.metric,
      axis,
      counted: isCounted(references.bad, finding.metric),
      good: intervalOf(before, right, axis),
      bad: intervalOf(after, right, axis),
    };
    const separation = Math.abs(after.whole.estimate - before.whole.estimate);
    return [{ metric, effort: right.tolerance.allowance / separation }];
  });
  const isPart = ({ metric }: DistinguishingMetric) => Number(parentMetric(metric) !== undefined);
  return candidates
    .sort(
      (one, other) =>
        Number(one.metric.counted) - Number(other.metric.counted) ||
        isPart(one.metric) - isPart(other.metric) ||
        one.effort - other.effort,
    )
    .map(({ metric }) => metric);
}

/**
 * One look of a sequential test: like which reference does a run grow? The references are seen as far as the run has
 * come, so that a cache that fills in all three is held against none of them; and both windows of the cycles must say so.
 * @param alpha error rate of this look
 */
export function judgeByReferences(
  run: StoredRun,
  { metric, axis }: DistinguishingMetric,
  references: References,
  alpha: number,
): ReferenceVerdict {
  const judged = metricsOf(run).get(metric);
  const growth = judged && growthOf(judged, alpha, axis);
  if (judged === undefined || growth === undefined) return { state: 'undecided' };
  const slope = intervalOf(growth, judged, axis);
  const [good, bad] = [references.good, references.bad].map((reference) => {
    const upTo = metricsOf(reference, rowsUntil(reference, growth.cycles)).get(metric);
    return upTo && growthOf(upTo, alpha, axis);
  });
  if (good === undefined || bad === undefined || !areApart(good, bad)) return { state: 'undecided', slope };
  const sides = windows.map((window) => sideOf(growth[window], good[window], bad[window]));
  const [first] = sides;
  return { state: first !== undefined && sides.every((side) => side === first) ? first : 'undecided', slope };
}

/** Whether a run has this metric, as far as it has come. */
export function hasMetric(run: StoredRun, metric: string): boolean {
  return run.samples.metrics.get(metric)?.some(Number.isFinite) ?? false;
}

/** On which side of the middle between both references a growth lies with its whole interval. */
function sideOf(growth: Bounded, good: Bounded, bad: Bounded): 'good' | 'bad' | undefined {
  const middle = (good.estimate + bad.estimate) / 2;
  const rises = bad.estimate > good.estimate;
  if (growth.low > middle) return rises ? 'bad' : 'good';
  if (growth.high < middle) return rises ? 'good' : 'bad';
  return undefined;
}

function areApart(good: Growth, bad: Growth): boolean {
  const allowance = clearly * Math.max(good.allowance, bad.allowance);
  return windows.every((window) => {
    const [left, right] = [good[window], bad[window]];
    const apart = left.high < right.low || right.high < left.low;
    return apart && Math.abs(right.estimate - left.estimate) > allowance;
  });
}

function metricsOf(run: StoredRun, rowCount = run.samples.length): ReadonlyMap<string, JudgedMetric> {
  return new Map(judgedMetrics(run, rowCount).map((metric) => [metric.tolerance.metric, metric]));
}

function rowsUntil({ samples }: StoredRun, cycles: number): number {
  const after = samples.cycles.findIndex((value) => value > cycles);
  return after < 0 ? samples.length : after;
}

function isCounted({ samples }: StoredRun, metric: string): boolean {
  const first = samples.metrics.get(metric)?.findIndex(Number.isFinite) ?? -1;
  return first >= 0 && samples.phases[first] === 'census';
}

function intervalOf({ whole, late }: Growth, { tolerance }: JudgedMetric, axis: GrowthAxis): Interval {
  const narrower = late.high - late.low < whole.high - whole.low ? late : whole;
  return {
    estimate: rounded(narrower.estimate),
    low: rounded(narrower.low),
    high: rounded(narrower.high),
    unit: `${tolerance.unit}/${axis}`,
  };
}
