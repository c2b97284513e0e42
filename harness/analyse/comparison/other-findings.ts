import type { ComparisonWord, MetricComparison } from '../../model/comparison.js';
import { parentMetric } from '../../model/metric.js';
import type { Finding } from '../../model/run-record.js';

const bad: ReadonlySet<Finding['verdict']> = new Set(['leak', 'stalled', 'refusing', 'spinning']);

/** Of what is judged by its level (idle CPU, a bounded gauge, delivery) both verdicts are shown. */
export function levelComparison(
  metric: string,
  before: Finding | undefined,
  after: Finding | undefined,
): MetricComparison | undefined {
  const shown = after ?? before;
  if (shown === undefined || shown.verdict === 'advisory') return undefined;
  const word = levelWord(before?.verdict ?? 'plateau', after?.verdict ?? 'plateau');
  return {
    ...base(metric, shown, word),
    reason:
      word === 'unchanged'
        ? `${shown.verdict === 'plateau' ? 'within its budget' : shown.verdict}, as before`
        : `was ${before?.verdict ?? 'plateau'}, is ${after?.verdict ?? 'plateau'}: ${(after ?? shown).reason}`,
  };
}

function levelWord(before: Finding['verdict'], after: Finding['verdict']): ComparisonWord {
  if (bad.has(after)) return bad.has(before) ? 'unchanged' : 'worse';
  if (after === 'inconclusive') return 'cannot tell';
  return bad.has(before) ? 'fixed' : 'unchanged';
}

/** A metric that only one of the runs has: a gauge that came or went with the code. */
export function metricOfOneRun(
  metric: string,
  before: Finding | undefined,
  after: Finding | undefined,
): MetricComparison | undefined {
  // A class or a kind of descriptor that one run never followed: its whole is compared.
  if (parentMetric(metric) !== undefined) return undefined;
  if (after === undefined) return undefined;
  if (before !== undefined || !bad.has(after.verdict)) return undefined;
  return { ...base(metric, after, 'new leak'), reason: `is new with this run, and ${after.reason}` };
}

/** Growth that cannot be set against each other. */
export function withoutSlopes(
  metric: string,
  before: Finding | undefined,
  after: Finding | undefined,
  reason: string,
): MetricComparison {
  const cyclesToTell = Math.max(before?.cyclesToDecide ?? 0, after?.cyclesToDecide ?? 0);
  return {
    ...base(metric, after ?? before!, 'cannot tell'),
    ...(cyclesToTell > 0 && { cyclesToTell }),
    reason,
  };
}

function base(metric: string, shown: Finding, word: ComparisonWord): Omit<MetricComparison, 'reason'> {
  return {
    metric,
    unit: shown.unit,
    word,
    decisive: parentMetric(metric) === undefined,
    confidence: shown.confidence,
    threshold: shown.budget,
  };
}
