import type { ComparedGrowth, MetricComparison } from '../../model/comparison.js';
import { metricDefinition } from '../../model/metric.js';
import type { LevelFinding } from '../../model/run-record.js';
import { rounded, roundedBounds } from '../findings/finding.js';
import { quantity } from '../findings/quantity.js';
import { differenceOf } from '../statistics/combined-intervals.js';
import type { JudgedRun } from './compared-metrics.js';
import { changeOf } from './costs.js';

/**
 * Peaks of two runs of the same code differ by some percent: whether a collection came just before or after is chance.
 * Three runs of a fast module differed by 4 %; where a round allocates in large pieces, they differ by more.
 */
const shareMin = 0.2;

/** The most memory of a round in two runs. Shown beside what decides, unless a budget limits it: then its verdict is compared. */
export function comparedPeaks(before: JudgedRun, after: JudgedRun): MetricComparison[] {
  const others = peaksOf(after);
  return peaksOf(before).flatMap((one) => {
    const two = others.find(({ metric }) => metric === one.metric);
    return two === undefined ? [] : [comparedPeak(before, after, one, two)];
  });
}

/** Those that no budget limits. */
function peaksOf({ judgement }: JudgedRun): LevelFinding[] {
  return judgement.findings.filter(
    (finding): finding is LevelFinding =>
      finding.kind === 'level' &&
      finding.verdict === 'advisory' &&
      metricDefinition(finding.metric)?.channel === 'peak',
  );
}

const words = { more: 'worse', less: 'improved', unchanged: 'unchanged', 'cannot tell': 'cannot tell' } as const;

function comparedPeak(before: JudgedRun, after: JudgedRun, one: LevelFinding, two: LevelFinding): MetricComparison {
  const { metric, unit } = one;
  const difference = differenceOf(one.slope, two.slope);
  const threshold = shareMin * one.slope.estimate;
  const word = words[changeOf(difference, threshold)];
  const change = `from ${quantity(one.slope.estimate, unit)} to ${quantity(two.slope.estimate, unit)} in a round`;
  return {
    metric,
    unit,
    word,
    decisive: false,
    before: comparedLevel(before, one),
    after: comparedLevel(after, two),
    difference: { ...roundedBounds(difference), unit },
    confidence: Math.min(one.confidence, two.confidence),
    threshold: rounded(threshold),
    reason: `went ${change}${word === 'unchanged' ? ', no difference that matters' : ''}`,
  };
}

function comparedLevel(
  { run }: JudgedRun,
  { slope, verdict, shape, budget, first, last }: LevelFinding,
): ComparedGrowth {
  return { slope, verdict, shape, budget, first, last, cycles: run.samples.cycles.at(-1) ?? 0 };
}
