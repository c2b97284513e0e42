import type { PerformanceComparison, PerformanceWord } from '../../model/comparison.js';
import { metricDefinition } from '../../model/metric.js';
import type { StoredRun } from '../../model/run-log.js';
import { rounded } from '../finding.js';
import { rowsOf, seriesOf, undisturbedFloors } from '../floors.js';
import { quantity } from '../sentence.js';
import type { Bounded } from '../statistics/combined-intervals.js';
import { differenceOf } from '../statistics/combined-intervals.js';
import { mean, median } from '../statistics/order-statistics.js';
import { studentQuantile } from '../statistics/student-t.js';

/** Rounds after warm-up are looked at in this many blocks, so that what disturbed some rounds disturbs one block. */
const blocks = 8;
const fewestRounds = 2 * blocks;

export interface PerformanceRules {
  readonly confidence: number;
  readonly interleaved: boolean;
}

/**
 * Two runs of the same code on a machine that does other things too differ by more than either varies within: a
 * difference must exceed this share as well as its interval. Round by round in one session there is no such excuse.
 */
const leastShare = { apart: 0.15, interleaved: 0.05 } as const;
/** The slowest cycles are the noisiest. */
const tailFactor = 2;

/** Throughput and latency of two runs, and whether either got slower. */
export function comparePerformance(
  before: StoredRun,
  after: StoredRun,
  rules: PerformanceRules,
): PerformanceComparison[] {
  const names = [...before.samples.metrics.keys()].filter(isPerformance);
  const levels = names.flatMap((metric) => {
    const [left, right] = [levelOf(before, metric), levelOf(after, metric)];
    return left === undefined || right === undefined ? [] : [{ metric, left, right }];
  });
  const alpha = (1 - rules.confidence) / Math.max(1, levels.length) / 2;
  return levels.map(({ metric, left, right }) =>
    comparison(metric, bounded(left, alpha), bounded(right, alpha), rules),
  );
}

/** With a rate that is asked for, throughput is that rate: latency tells. */
function isPerformance(metric: string): boolean {
  return metric === 'throughput' || /^latency\..*\.(p50|p99)$/.test(metric);
}

/** Mean of the logarithm over blocks of rounds: ratios are what matters, and blocks are nearly independent. */
interface Level {
  readonly mean: number;
  readonly standardError: number;
}

function levelOf({ samples }: StoredRun, metric: string): Level | undefined {
  const values = samples.metrics.get(metric);
  if (values === undefined) return undefined;
  const series = seriesOf(samples, values, rowsOf(samples, undisturbedFloors));
  const half = series.cycles.at(-1)! / 2;
  const from = series.cycles.findIndex((cycles) => cycles >= half);
  const settled = series.values
    .subarray(Math.min(from, series.values.length - fewestRounds))
    .filter((value) => value > 0);
  if (from < 0 || settled.length < fewestRounds) return undefined;
  const logarithms = Array.from({ length: blocks }, (_, block) =>
    Math.log(median(settled.subarray((block * settled.length) / blocks, ((block + 1) * settled.length) / blocks))),
  );
  const centre = mean(logarithms);
  const variance = logarithms.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (blocks - 1);
  return { mean: centre, standardError: Math.sqrt(variance / blocks) };
}

function bounded({ mean: estimate, standardError }: Level, alpha: number): Bounded {
  const reach = studentQuantile(1 - alpha, blocks - 1) * standardError;
  return { estimate, low: estimate - reach, high: estimate + reach };
}

function comparison(metric: string, before: Bounded, after: Bounded, rules: PerformanceRules): PerformanceComparison {
  const unit = metricDefinition(metric)!.unit;
  const share = leastShare[rules.interleaved ? 'interleaved' : 'apart'] * (metric.endsWith('.p99') ? tailFactor : 1);
  const ratio = exponentiated(differenceOf(before, after));
  const word = wordOf(metric === 'throughput' ? ratio : inverted(ratio), share);
  const levels = { before: exponentiated(before), after: exponentiated(after) };
  return {
    metric,
    unit,
    word,
    before: { ...levels.before, unit },
    after: { ...levels.after, unit },
    ratio,
    confidence: rounded(rules.confidence),
    threshold: share,
    reason: sentence(word, unit, levels, ratio),
  };
}

/** Of speeds: 0.7 is 30 % slower. */
function wordOf({ low, high }: Bounded, share: number): PerformanceWord {
  const [slow, fast] = [1 - share, 1 / (1 - share)];
  if (high < slow) return 'slower';
  if (low > fast) return 'faster';
  return low > slow * slow && high < fast * fast ? 'unchanged' : 'cannot tell';
}

function exponentiated({ estimate, low, high }: Bounded): Bounded {
  return { estimate: rounded(Math.exp(estimate)), low: rounded(Math.exp(low)), high: rounded(Math.exp(high)) };
}

function inverted({ estimate, low, high }: Bounded): Bounded {
  return { estimate: 1 / estimate, low: 1 / high, high: 1 / low };
}

function sentence(
  word: PerformanceWord,
  unit: string,
  { before, after }: { readonly before: Bounded; readonly after: Bounded },
  ratio: Bounded,
): string {
  const change = `from ${quantity(before.estimate, unit)} to ${quantity(after.estimate, unit)}`;
  const percent = (value: number) => `${value > 1 ? '+' : ''}${Math.round((value - 1) * 100)} %`;
  const range = `${percent(ratio.low)} to ${percent(ratio.high)}`;
  switch (word) {
    case 'slower':
      return `${change}: slower (${range})`;
    case 'faster':
      return `${change}: faster (${range})`;
    case 'unchanged':
      return `${change}, within what two runs of the same code differ by (${range})`;
    default:
      return `${change}; the rounds differ too much among themselves (${range})`;
  }
}
