import type { ComparedGrowth, ComparisonWord, MetricComparison } from '../../model/comparison.js';
import { metricDefinitions } from '../../model/metric.js';
import type { LevelFinding } from '../../model/run-record.js';
import { rounded } from '../findings/finding.js';
import { judgePeaks } from '../findings/peaks.js';
import { quantity } from '../findings/sentence.js';
import { type Bounded, differenceOf } from '../statistics/combined-intervals.js';
import type { JudgedRun } from './compared-metrics.js';

/**
 * Peaks of two runs of the same code differ by some percent: whether a collection came just before or after is chance.
 * Three runs of a fast module differed by 4 %; where a round allocates in large pieces, they differ by more.
 */
const shareMin = 0.2;

/** The most memory of a round in two runs. Shown beside what decides, unless a budget limits it: then its verdict is compared. */
export function comparedPeaks(before: JudgedRun, after: JudgedRun): MetricComparison[] {
  const [left, right] = [before, after].map(({ run }) => judgePeaks(run));
  return metricDefinitions().flatMap(({ name, channel }) => {
    const one = left!.find(({ metric }) => metric === name);
    const two = right!.find(({ metric }) => metric === name);
    const isShown = channel === 'peak' && one?.verdict === 'advisory' && two?.verdict === 'advisory';
    return isShown ? [comparedPeak(before, after, one, two)] : [];
  });
}

function comparedPeak(before: JudgedRun, after: JudgedRun, one: LevelFinding, two: LevelFinding): MetricComparison {
  const { metric, unit } = one;
  const difference = differenceOf(one.slope, two.slope);
  const threshold = shareMin * one.slope.estimate;
  const word = wordOf(difference, threshold);
  const change = `from ${quantity(one.slope.estimate, unit)} to ${quantity(two.slope.estimate, unit)} in a round`;
  return {
    metric,
    unit,
    word,
    decisive: false,
    before: comparedLevel(before, one),
    after: comparedLevel(after, two),
    difference: { ...boundsOf(difference), unit },
    confidence: Math.min(one.confidence, two.confidence),
    threshold: rounded(threshold),
    reason: `went ${change}${word === 'unchanged' ? ', no difference that matters' : ''}`,
  };
}

function wordOf({ low, high }: Bounded, threshold: number): ComparisonWord {
  if (low > threshold) return 'worse';
  if (high < -threshold) return 'improved';
  return low > -2 * threshold && high < 2 * threshold ? 'unchanged' : 'cannot tell';
}

function comparedLevel(
  { run }: JudgedRun,
  { slope, verdict, shape, budget, first, last }: LevelFinding,
): ComparedGrowth {
  return { slope, verdict, shape, budget, first, last, cycles: run.samples.cycles.at(-1) ?? 0 };
}

function boundsOf({ estimate, low, high }: Bounded): Bounded {
  return { estimate: rounded(estimate), low: rounded(low), high: rounded(high) };
}
