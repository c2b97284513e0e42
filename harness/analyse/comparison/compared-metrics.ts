import type { ComparedGrowth, MetricComparison } from '../../model/comparison.js';
import type { Judgement } from '../../model/judgement.js';
import { parentMetric } from '../../model/metric.js';
import type { StoredRun } from '../../model/run-log.js';
import type { Finding } from '../../model/run-record.js';
import { type JudgedMetric, judgedMetrics } from '../decide/judged-metrics.js';
import { rounded, roundedBounds } from '../findings/finding.js';
import type { Bounded } from '../statistics/combined-intervals.js';
import { comparisonSentence } from './comparison-sentence.js';
import { type Growth, type GrowthAxis, growthOf, growthOfFinding, upsideDown } from './growth.js';
import { compareGrowth } from './growth-word.js';
import { levelComparison, metricOfOneRun, withoutSlopes } from './other-findings.js';

/** One run with what it says by itself. */
export interface JudgedRun {
  readonly run: StoredRun;
  readonly judgement: Judgement;
}

interface Side {
  readonly metrics: ReadonlyMap<string, JudgedMetric>;
  readonly findings: ReadonlyMap<string, Finding>;
}

/** Each metric that either run judges, in the order of their findings; unordered by gravity. */
export function comparedMetrics(before: JudgedRun, after: JudgedRun, confidence: number): MetricComparison[] {
  const [left, right] = [sideOf(before), sideOf(after)];
  const names = [...new Set([...left.findings.keys(), ...right.findings.keys()])];
  const decisive = names.filter((metric) => parentMetric(metric) === undefined).length;
  // As for a leak: both windows must show a change, in either direction.
  const alpha = Math.sqrt((1 - confidence) / (2 * Math.max(1, decisive)));
  return names.flatMap((metric) => {
    const compared = comparedMetric(metric, left, right, alpha);
    return compared === undefined ? [] : [compared];
  });
}

function sideOf({ run, judgement }: JudgedRun): Side {
  return {
    metrics: new Map(judgedMetrics(run, run.samples.length).map((metric) => [metric.tolerance.metric, metric])),
    findings: new Map(judgement.findings.map((finding) => [finding.metric, finding])),
  };
}

function comparedMetric(metric: string, left: Side, right: Side, alpha: number): MetricComparison | undefined {
  const [before, after] = [left.metrics.get(metric), right.metrics.get(metric)];
  const [finding, other] = [left.findings.get(metric), right.findings.get(metric)];
  if (before?.gauge?.kind === 'bounded' || (before === undefined && after === undefined))
    return levelComparison(metric, finding, other);
  if (before === undefined || after === undefined) return metricOfOneRun(metric, finding, other);
  const shown = finding ?? other!;
  if (shown.verdict === 'advisory' && (other ?? shown).verdict === 'advisory') return undefined;
  const axis = axisOf(finding, other);
  if (axis === undefined)
    return withoutSlopes(
      metric,
      finding,
      other,
      'one goes with time and the other with cycles: their growth has no common measure',
    );
  const one = growthOf(before, alpha, axis) ?? certified(before, finding);
  const two = growthOf(after, alpha, axis) ?? certified(after, other);
  if (one === undefined || two === undefined)
    return withoutSlopes(metric, finding, other, 'too few floors for a slope; run longer');
  return growthComparison({ metric, axis, confidence: 1 - 2 * alpha, one, two, finding, other, shown });
}

/** What was judged a plateau from few floors: by the levels at which it rested. */
function certified({ series }: JudgedMetric, finding: Finding | undefined): Growth | undefined {
  return finding?.verdict === 'plateau' ? growthOfFinding(finding, series.cycles.at(-1)!) : undefined;
}

/** Hours where leaks go with time; undefined where one goes with time and the other with cycles. */
function axisOf(finding: Finding | undefined, other: Finding | undefined): GrowthAxis | undefined {
  const leaking = [finding, other].filter((one) => one?.verdict === 'leak');
  const byTime = leaking.filter((one) => one?.driver === 'time').length;
  if (byTime === 0) return 'cycle';
  return byTime === leaking.length ? 'h' : undefined;
}

interface GrowthPair {
  readonly metric: string;
  readonly axis: GrowthAxis;
  readonly confidence: number;
  readonly one: Growth;
  readonly two: Growth;
  readonly finding: Finding | undefined;
  readonly other: Finding | undefined;
  readonly shown: Finding;
}

/** One metric whose growth is known in both runs. */
export function growthComparison({
  metric,
  axis,
  confidence,
  one,
  two,
  finding,
  other,
  shown,
}: GrowthPair): MetricComparison {
  const runsDry = finding?.shape === 'falling' || other?.shape === 'falling';
  const turned = (growth: Growth) => (runsDry ? upsideDown(growth) : growth);
  const compared = compareGrowth({ ...turned(one), ...ownOf(finding) }, { ...turned(two), ...ownOf(other) });
  const back = ({ estimate, low, high }: Bounded): Bounded =>
    runsDry ? { estimate: -estimate, low: -high, high: -low } : { estimate, low, high };
  const unit = `${shown.unit}/${axis}`;
  const cyclesToTell =
    compared.longer === undefined || Math.max(one.cycles, two.cycles) === 0
      ? undefined
      : Math.ceil(
          rounded(Math.max(compared.longer * Math.max(one.cycles, two.cycles), decidedAt(finding), decidedAt(other))),
        );
  const slopes = { before: back(compared.before), after: back(compared.after) };
  return {
    metric,
    unit: shown.unit,
    word: compared.word,
    decisive: parentMetric(metric) === undefined,
    before: comparedGrowth(finding, slopes.before, unit, one.cycles, shown),
    after: comparedGrowth(other, slopes.after, unit, two.cycles, shown),
    difference: { ...roundedBounds(back(compared.difference)), unit },
    confidence: rounded(confidence),
    threshold: rounded(compared.threshold),
    ...(compared.removed && { removed: roundedBounds(compared.removed) }),
    ...(cyclesToTell !== undefined && { cyclesToTell }),
    reason: comparisonSentence({
      ...compared,
      unit: shown.unit,
      per: axis === 'h' ? 'hour' : axis,
      leaked: finding?.verdict === 'leak',
      stillLeaks: other?.verdict === 'leak',
      ...(cyclesToTell !== undefined && { cyclesToTell }),
    }),
  };
}

/** Parts are shown only where they leak: one without a finding stays within the budget of its whole. */
function ownOf(finding: Finding | undefined): { verdict: Finding['verdict']; budget: number } {
  return finding === undefined
    ? { verdict: 'plateau', budget: 0 }
    : { verdict: finding.verdict, budget: finding.budget };
}

function decidedAt(finding: Finding | undefined): number {
  return finding?.cyclesToDecide ?? 0;
}

function comparedGrowth(
  finding: Finding | undefined,
  slope: Bounded,
  unit: string,
  cycles: number,
  shown: Finding,
): ComparedGrowth {
  return {
    slope: { ...roundedBounds(slope), unit },
    verdict: finding?.verdict ?? 'plateau',
    shape: finding?.shape ?? 'flat',
    budget: finding?.budget ?? shown.budget,
    first: finding?.first ?? 0,
    last: finding?.last ?? 0,
    cycles,
  };
}
