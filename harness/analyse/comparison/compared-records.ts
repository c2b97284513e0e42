import type { MetricComparison } from '../../model/comparison.js';
import type { Finding, RunRecord } from '../../model/run-record.js';
import { growthComparison } from './compared-metrics.js';
import { growthOfFinding } from './growth.js';
import { levelComparison, metricOfOneRun, withoutSlopes } from './other-findings.js';

/** Metrics of two runs of which only the records are left: their own intervals stand in for the samples. */
export function comparedRecords(before: RunRecord, after: RunRecord): MetricComparison[] {
  const [left, right] = [before, after].map(({ findings }) => new Map(findings.map((one) => [one.metric, grown(one)])));
  return [...new Set([...left!.keys(), ...right!.keys()])].flatMap((metric) => {
    const compared = comparedFindings(metric, [left!.get(metric), before], [right!.get(metric), after]);
    return compared === undefined ? [] : [compared];
  });
}

/** What a baseline knows of is growth all the same. */
function grown(finding: Finding): Finding {
  return finding.verdict === 'known' ? { ...finding, verdict: 'leak' } : finding;
}

type FindingOf = readonly [Finding | undefined, RunRecord];

function comparedFindings(
  metric: string,
  [before, run]: FindingOf,
  [after, other]: FindingOf,
): MetricComparison | undefined {
  const shown = after ?? before!;
  if (shown.kind !== 'growth') return levelComparison(metric, before, after);
  if (before === undefined || after === undefined) return metricOfOneRun(metric, before, after);
  if (before.verdict === 'advisory' && after.verdict === 'advisory') return undefined;
  if (before.slope.unit !== after.slope.unit)
    return withoutSlopes(
      metric,
      before,
      after,
      'one goes with time and the other with cycles: their growth has no common measure',
    );
  if (before.rounds === 0 || after.rounds === 0)
    return withoutSlopes(metric, before, after, 'too few floors for a slope; run longer');
  return growthComparison({
    metric,
    axis: shown.axis === 'hour' ? 'h' : shown.axis,
    confidence: Math.min(before.confidence, after.confidence),
    one: growthOfFinding(before, cyclesOf(run)),
    two: growthOfFinding(after, cyclesOf(other)),
    finding: before,
    other: after,
    shown,
  });
}

/** Curves that something else recorded have none: how long they should be is not counted in cycles. */
function cyclesOf({ counts, parameters }: RunRecord): number {
  return parameters.readings === undefined ? counts.cycles : 0;
}
