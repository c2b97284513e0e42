import type { BaselineEntry, KnownGrowth } from '../model/baseline.js';
import type { Finding, RunRecord } from '../model/run-record.js';
import { quantity } from './sentence.js';
import { differenceOf } from './statistics/combined-intervals.js';
import { wholeOf } from './yardstick.js';

/** Findings as they are judged where some growth is known. */
export interface BaselinedFindings {
  readonly findings: readonly Finding[];
  /** What to tell beside them: growth that is gone, a baseline that was recorded elsewhere. */
  readonly notes: readonly string[];
}

const bad: ReadonlySet<Finding['verdict']> = new Set(['leak', 'stalled', 'refusing', 'spinning']);
/** Slopes of heaps differ by this share from run to run. */
const leastShare = 0.05;

/** What a judged run says for a baseline: every metric that decides, and what leaks. */
export function baselineEntryOf(record: RunRecord): BaselineEntry {
  const { environment, counts } = record;
  const told = record.findings.filter(
    ({ metric, verdict }) =>
      bad.has(verdict) || verdict === 'known' || (verdict !== 'advisory' && wholeOf(metric) === undefined),
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
      told.map(({ metric, verdict, slope }): [string, KnownGrowth] => [
        metric,
        {
          // Known growth that is recorded anew is still growth.
          verdict: verdict === 'known' ? 'leak' : verdict,
          slope: slope.estimate,
          low: slope.low,
          high: slope.high,
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
    // Which parts are worth telling differs from run to run; the whole decides for those the baseline does not name.
    const whole = wholeOf(finding.metric);
    const follows = finding.verdict === 'leak' && entry.metrics[finding.metric] === undefined;
    if (!follows || whole === undefined || verdicts.get(whole) !== 'known') return finding;
    return { ...finding, verdict: 'known', reason: `${finding.reason}; a part of ${whole}, which is known` };
  });
  return { findings: withParts, notes: notesOf(withParts, entry) };
}

function againstBaseline(finding: Finding, known: KnownGrowth | undefined): Finding {
  if (known === undefined || !bad.has(known.verdict)) return finding;
  const { verdict, slope, unit } = finding;
  if (verdict !== 'leak' && verdict !== 'inconclusive')
    return verdict === known.verdict ? { ...finding, verdict: 'known', reason: `${finding.reason}; known` } : finding;
  if (known.verdict !== 'leak' || known.unit !== slope.unit) return finding;
  const was = `${quantity(known.slope, unit)} per ${slope.unit.endsWith('/h') ? 'hour' : 'cycle'}`;
  const turn = finding.shape === 'falling' && known.slope < 0 ? -1 : 1;
  const more = differenceOf(turned({ ...known, estimate: known.slope }, turn), turned(slope, turn));
  const threshold = Math.max(finding.budget, leastShare * Math.abs(known.slope));
  if (verdict === 'leak')
    return more.low > threshold
      ? { ...finding, reason: `${finding.reason}; worse than the known ${was}` }
      : { ...finding, verdict: 'known', reason: `${finding.reason}; known at ${was}` };
  return more.high < threshold
    ? { ...finding, verdict: 'known', reason: `${finding.reason}; no worse than the known ${was}` }
    : finding;
}

function turned<Bounds extends { estimate: number; low: number; high: number }>(bounds: Bounds, turn: 1 | -1) {
  const { estimate, low, high } = bounds;
  return turn === 1 ? { estimate, low, high } : { estimate: -estimate, low: -high, high: -low };
}

function notesOf(findings: readonly Finding[], { metrics, environment, run }: BaselineEntry): string[] {
  const fixed = findings.filter(
    ({ metric, verdict }) => verdict === 'plateau' && bad.has(metrics[metric]?.verdict ?? 'plateau'),
  );
  if (fixed.length === 0) return [];
  const names = fixed.map(({ metric }) => metric).join(', ');
  const what = `${names} ${fixed.length === 1 ? 'leaked' : 'leak no more; they did'} in the baseline (run ${run}, Node ${environment.node})`;
  return [`${what}${fixed.length === 1 ? ' and does no more' : ''}: update the baseline`];
}
