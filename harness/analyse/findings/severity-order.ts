import type { Finding } from '../../model/run-record.js';

const order: readonly Finding['verdict'][] = [
  'leak',
  'stalled',
  'refusing',
  'spinning',
  'inconclusive',
  'plateau',
  'known',
  'advisory',
];

/** Amounts at which a metric is in trouble, so that leaks in different units can be compared. */
const trouble: Readonly<Record<string, number>> = {
  B: 2 ** 30,
  fds: 1024,
  threads: 1000,
  processes: 1000,
  handles: 10_000,
  objects: 50_000_000,
};
const entriesInTrouble = 5_000_000;

/** Sorts findings gravest first: by verdict, then by how soon they end in trouble. The order is total. */
export function byGravity(left: Finding, right: Finding): number {
  return (
    order.indexOf(left.verdict) - order.indexOf(right.verdict) ||
    urgency(right) - urgency(left) ||
    (left.metric < right.metric ? -1 : left.metric > right.metric ? 1 : 0)
  );
}

/** Resident memory follows what leaks, and parts follow their whole. */
function weight(metric: string): number {
  if (metric === 'rss') return 0.1;
  return metric.includes('.') && !metric.startsWith('gauge.') ? 0.5 : 1;
}

function urgency(finding: Finding): number {
  if (finding.verdict !== 'leak') return 0;
  return (weight(finding.metric) * Math.abs(finding.slope.estimate)) / (trouble[finding.unit] ?? entriesInTrouble);
}
