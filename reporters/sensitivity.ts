import type { RunRecord } from '../harness/model/run-record.js';
import { formatRate } from './format/interval.js';

/** The smallest growth that this run would have called a leak, for a metric of each kind; `undefined` when none tells. */
export function sensitivity(record: RunRecord): string | undefined {
  const told = ['heapUsed', 'objects', 'fds']
    .map((metric) => record.findings.find((finding) => finding.metric === metric && finding.verdict === 'plateau'))
    .flatMap((finding) =>
      finding === undefined || finding.detectionFloor === null
        ? []
        : [`${finding.metric} from ${formatRate(finding.detectionFloor, finding.slope.unit)}`],
    );
  return told.length === 0 ? undefined : `growth of ${told.join(', ')}`;
}
