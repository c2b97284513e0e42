import type { ListedNight } from '../../../reporters/index.js';
import type { NightEvent, NightRecord } from '../../model/night.js';
import type { RunRecord } from '../../model/run-record.js';

type ListedEntry = ListedNight['entries'][number];

/** What is known of a night. */
export interface NightSoFar {
  readonly events: readonly NightEvent[];
  /** Once the night is over. */
  readonly record: NightRecord | undefined;
  recordOf(run: string): Pick<RunRecord, 'verdict' | 'reason'> | undefined;
}

/** An entry of a night that is over, or goes on: what has not run has no verdict. */
export function listedEntry(name: string, { events, record, recordOf }: NightSoFar): ListedEntry {
  const own = events.filter((event) => 'entry' in event && event.entry === name);
  const ended = record?.entries.find((entry) => entry.name === name);
  const run = ended?.run ?? own.findLast((event) => event.event === 'finished')?.run;
  const links = run === undefined ? [] : [{ name: 'report', href: `runs/${run}/` }];
  if (ended !== undefined) return { title: name, state: ended.verdict ?? 'inconclusive', detail: ended.reason, links };
  return { title: name, ...stateSoFar(own.at(-1), recordOf), links };
}

function stateSoFar(
  last: NightEvent | undefined,
  recordOf: NightSoFar['recordOf'],
): Pick<ListedEntry, 'state' | 'detail'> {
  switch (last?.event) {
    case 'started':
      return { state: 'running' };
    case 'finished': {
      const judged = recordOf(last.run);
      return judged === undefined ? { state: 'finished' } : { state: judged.verdict, detail: judged.reason };
    }
    case 'failed':
      return { state: 'crashed', detail: last.message };
    default:
      return { state: 'waiting', detail: 'waits for its turn' };
  }
}
