import type { RunRecord } from '../harness/model/run-record.js';
import { formatRate } from './format/interval.js';

/** Of each kind, the first that was judged: memory from the inside or else from outside, things, descriptors. */
const kinds: readonly (readonly string[])[] = [['heapUsed', 'nativeUsed', 'uss', 'pss', 'rss'], ['objects'], ['fds']];

/** The smallest growth that this run would have called a leak, for a metric of each kind; `undefined` when none is known. */
export function sensitivity(record: RunRecord): string | undefined {
  const judged = record.findings.filter(
    ({ verdict, detectionFloor }) => verdict === 'plateau' && detectionFloor !== null,
  );
  const shown = kinds.flatMap((metrics) => {
    const finding = metrics.flatMap((metric) => judged.find((candidate) => candidate.metric === metric) ?? [])[0];
    return finding === undefined
      ? []
      : [`${finding.metric} from ${formatRate(finding.detectionFloor!, finding.slope.unit)}`];
  });
  return shown.length === 0 ? undefined : `growth of ${shown.join(', ')}`;
}
