import type { BareInterval, Footprint } from '../../harness/model/run-record.js';
import { formatInterval } from './interval.js';

type Cost = Footprint['metrics'][number];

/** `1.21 KiB [1.19 to 1.23]`; a number that is exact stands alone. */
export function costText(interval: BareInterval, unit: string): string {
  const { low, estimate, high, unit: shown } = formatInterval({ ...interval, unit });
  return low === high ? `${estimate} ${shown}` : `${estimate} ${shown} [${low} to ${high}]`;
}

/** Whether an object leaves anything behind: its whole interval lies above nothing. */
export function leavesSomething({ residue, unit }: Cost): boolean {
  return residue.low > 0 && residue.estimate > (unit === 'B' ? 1 : 0);
}

/** What decides over memory first, then what is counted; parts and pages last. */
export function costsInOrder({ metrics }: Footprint): readonly Cost[] {
  const place = ({ metric }: Cost) => ['heapUsed', 'external', 'arrayBuffers', 'rss'].indexOf(metric) >>> 0;
  return [...metrics].sort((left, right) => place(left) - place(right) || (left.metric < right.metric ? -1 : 1));
}
