import { metricDefinitions } from '../../model/metric.js';
import type { RuleName } from '../../model/rule.js';
import type { StoredRun } from '../../model/run-log.js';
import type { LevelFinding } from '../../model/run-record.js';
import { bytesPerMebibyte } from '../../model/units.js';
import { floorsMin, rowsOf, seriesOf, undisturbedFloors } from '../series/floors.js';
import type { Bounded } from '../statistics/combined-intervals.js';
import { median } from '../statistics/order-statistics.js';
import { studentQuantile } from '../statistics/student-t.js';
import { rounded, roundedBounds } from './finding.js';
import { quantity } from './quantity.js';

/** What stays at rest, beside which a peak is high. */
const restingMetrics: Readonly<Record<string, string>> = { peakRss: 'rss', peakHeapUsed: 'heapUsed' };
/** A heap grows to twice of what is live before V8 collects it, by some tens of MiB: such a peak is not noted. */
const highFactor = 2;
const highBytes = 128 * bytesPerMebibyte;

/** The most of each round: judged where a budget limits it, else shown. */
export function judgePeaks(run: StoredRun): readonly LevelFinding[] {
  const peaks = metricDefinitions().filter(({ channel }) => channel === 'peak');
  return peaks.flatMap(({ name }) => {
    const finding = peakFinding(run, name);
    return finding === undefined ? [] : [finding];
  });
}

/** Says of a peak that no budget limits that it is far above what stays at rest: that much memory is needed all the same. */
export function peakNotes({ manifest }: StoredRun, peaks: readonly LevelFinding[]): string[] {
  const high = peaks.find(
    ({ metric, slope, budget }) => manifest.budgets[metric] === undefined && slope.estimate > budget,
  );
  return high === undefined
    ? []
    : [`${high.metric} ${high.reason}; --budget ${high.metric}=<size> makes a limit of it`];
}

function peakFinding(run: StoredRun, metric: string): LevelFinding | undefined {
  const series = drivenSeries(run, metric);
  const resting = drivenSeries(run, restingMetrics[metric]!);
  if (series === undefined || resting === undefined || series.length === 0) return undefined;
  const settled = series.slice(Math.floor(series.length / 4));
  const level = median(resting.slice(Math.floor(resting.length / 4)));
  const given = run.manifest.budgets[metric];
  const budget = given ?? highFactor * level + highBytes;
  const { confidence } = run.manifest.parameters;
  const slope = roundedBounds(medianBounds(settled, confidence));
  const above = series.filter((value) => value > budget).length;
  const most = Math.max(...series);
  // Few rounds within a limit are no sign that it holds; one above it is enough.
  const verdict =
    given === undefined ? 'advisory' : above > 0 ? 'leak' : series.length < floorsMin ? 'inconclusive' : 'plateau';
  return {
    kind: 'level',
    metric,
    unit: 'B',
    verdict,
    shape: 'flat',
    slope: { ...slope, unit: 'B' },
    confidence,
    budget: rounded(budget),
    detectionFloor: rounded(budget),
    first: series[0]!,
    last: series.at(-1)!,
    rounds: settled.length,
    warmupRounds: series.length - settled.length,
    rule: {
      name: 'peak-level' satisfies RuleName,
      numbers: { most, budget, roundsAbove: above, rounds: series.length },
    },
    reason: [
      `peaks at ${quantity(slope.estimate, 'B')} in a round (${quantity(most, 'B')} at most), beside ${quantity(level, 'B')} at rest`,
      ...(given === undefined
        ? []
        : [`${above} of ${series.length} rounds above its limit of ${quantity(given, 'B')}`]),
    ].join('; '),
  };
}

function drivenSeries({ samples }: StoredRun, metric: string): Float64Array | undefined {
  const values = samples.metrics.get(metric);
  return values === undefined ? undefined : seriesOf(samples, values, rowsOf(samples, undisturbedFloors)).values;
}

/** Degrees of freedom at which Student's t is the normal distribution to three digits. */
const normalDegrees = 1_000;

/** Of the median, by the ranks that enclose it with that probability (binomial, by its normal approximation). */
function medianBounds(values: Float64Array, confidence: number): Bounded {
  const sorted = values.slice().sort();
  const reach = (studentQuantile((1 + confidence) / 2, normalDegrees) * Math.sqrt(sorted.length)) / 2;
  const at = (rank: number) => sorted[Math.max(0, Math.min(sorted.length - 1, Math.round(rank)))]!;
  const middle = (sorted.length - 1) / 2;
  return { estimate: median(sorted), low: at(middle - reach), high: at(middle + reach) };
}
