import type { Finding, RunRecord } from '../harness/model/run-record.js';
import { formatRate } from './format/interval.js';

/** Of each kind, the first that was judged: memory from the inside or else from outside, things, descriptors. */
const kinds: readonly (readonly string[])[] = [['heapUsed', 'nativeUsed', 'uss', 'pss', 'rss'], ['objects'], ['fds']];

/**
 * The smallest growth that would not have passed, for a metric of each kind, and from where on this run would have called
 * it a leak: in between it would have been undecided. `undefined` when none is known.
 */
export function sensitivity(record: RunRecord): string | undefined {
  const judged = record.findings.filter(
    ({ verdict, detectionFloor }) => verdict === 'plateau' && detectionFloor !== null,
  );
  const shown = kinds.flatMap((metrics) => {
    const finding = metrics.flatMap((metric) => judged.find((candidate) => candidate.metric === metric) ?? [])[0];
    return finding === undefined ? [] : [`${finding.metric} ${seenFrom(finding)}`];
  });
  return shown.length === 0 ? undefined : `growth of ${shown.join(', ')}`;
}

function seenFrom({ budget, detectionFloor, slope: { unit } }: Finding): string {
  const leak = formatRate(detectionFloor!, unit);
  const seen = budget > 0 ? formatRate(Math.min(budget, detectionFloor!), unit) : leak;
  return seen === leak ? `from ${seen}` : `from ${seen} (a leak from ${leak})`;
}
