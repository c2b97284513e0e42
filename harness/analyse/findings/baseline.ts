import type { BaselineEntry, KnownGrowth } from '../../model/baseline.js';
import { parentMetric } from '../../model/metric.js';
import type { Finding, RunRecord } from '../../model/run-record.js';
import { differenceOf, scaled } from '../statistics/combined-intervals.js';
import { quantity } from './quantity.js';

/** Findings as they are judged where some growth is known. */
export interface BaselinedFindings {
  readonly findings: readonly Finding[];
  /** What to say beside them: growth that is gone, a baseline that was recorded elsewhere. */
  readonly notes: readonly string[];
}

const bad: ReadonlySet<Finding['verdict']> = new Set(['leak', 'stalled', 'refusing', 'spinning']);
/** Slopes of heaps differ by this share from run to run. */
const shareMin = 0.05;

/** Digits in the file: more would change with every run. */
const digits = 4;

function short(value: number): number {
  return Number(value.toPrecision(digits));
}

/** What a judged run says for a baseline: every metric that decides, and what leaks. */
export function baselineEntryOf(record: RunRecord): BaselineEntry {
  const { environment, counts } = record;
  const kept = record.findings.filter(
    ({ metric, verdict }) =>
      bad.has(verdict) || verdict === 'known' || (verdict !== 'advisory' && parentMetric(metric) === undefined),
  );
  return {
    run: record.id,
    recordedAt: record.startedAt,
    cycles: counts.cycles,
    environment: {
      plateau: environment.plateau,
      node: environment.targetNode ?? environment.node,
      platform: environment.platform,
    },
    metrics: Object.fromEntries(
      kept.map(({ metric, verdict, slope }): [string, KnownGrowth] => [
        metric,
        {
          // Known growth that is recorded anew is still growth.
          verdict: verdict === 'known' ? 'leak' : verdict,
          slope: short(slope.estimate),
          low: short(slope.low),
          high: short(slope.high),
          unit: slope.unit,
        },
      ]),
    ),
  };
}

/** Growth that was there already is `known`; only what is new or worse is left to fail. */
export function withBaseline(findings: readonly Finding[], entry: BaselineEntry): BaselinedFindings {
  const judged = findings.map((finding) => againstBaseline(finding, entry.metrics[finding.metric]));
  const verdicts = new Map(judged.map(({ metric, verdict }) => [metric, verdict]));
  const withParts = judged.map((finding): Finding => {
    // Which parts are worth a line differs from run to run; the whole decides for those the baseline does not name.
    const whole = parentMetric(finding.metric);
    const follows = finding.verdict === 'leak' && entry.metrics[finding.metric] === undefined;
    if (!follows || whole === undefined || verdicts.get(whole) !== 'known') return finding;
    return { ...finding, verdict: 'known', reason: `${finding.reason}; a part of ${whole}, which is known` };
  });
  return { findings: withParts, notes: notesOf(withParts, entry) };
}

function againstBaseline(finding: Finding, known: KnownGrowth | undefined): Finding {
  if (known === undefined) return finding;
  const { verdict, slope } = finding;
  if (verdict !== 'leak' && verdict !== 'inconclusive')
    return bad.has(verdict) && verdict === known.verdict
      ? { ...finding, verdict: 'known', reason: `${finding.reason}; known` }
      : finding;
  // A metric that went missing, or was hardly read, has no slope to compare.
  if (known.unit !== slope.unit || finding.confidence === 0) return finding;
  const turn = finding.shape === 'falling' ? -1 : 1;
  const was = scaled({ ...known, estimate: known.slope }, turn);
  // Of a run that ended with its first leak, other growth was seen and not decided; it was there all the same.
  if (known.verdict !== 'leak' && !(known.verdict === 'inconclusive' && was.low > finding.budget)) return finding;
  const more = differenceOf(was, scaled(slope, turn));
  const threshold = Math.max(finding.budget, shareMin * was.estimate);
  const knownRate = `${quantity(known.slope, finding.unit)} per ${finding.axis ?? 'cycle'}`;
  if (verdict === 'leak')
    return more.low > threshold
      ? { ...finding, reason: `${finding.reason}; worse than the known ${knownRate}` }
      : { ...finding, verdict: 'known', reason: `${finding.reason}; known at ${knownRate}` };
  return more.high < threshold
    ? { ...finding, verdict: 'known', reason: `${finding.reason}; no worse than the known ${knownRate}` }
    : finding;
}

function notesOf(findings: readonly Finding[], { metrics, run }: BaselineEntry): string[] {
  const gone = findings.filter(
    ({ metric, verdict }) => verdict === 'plateau' && bad.has(metrics[metric]?.verdict ?? 'plateau'),
  );
  return gone.map(
    ({ metric }) =>
      `${metric} leaked in the baseline (run ${run}) and does no more: update it with plateau baseline update, so that it cannot come back unseen`,
  );
}
