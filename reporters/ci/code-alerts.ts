import { createHash } from 'node:crypto';
import type { RunRecord, Suspect } from '../../harness/model/run-record.js';
import { isWithin, shortPath } from '../format/location.js';
import { printable } from '../format/printable.js';
import { toneOf } from '../format/wording.js';

/** What code hosts show at a line. */
export interface CodeAlert {
  /** Stable: `leak`, `stalled`, `refusing`, `spinning`, `crashed`, `inconclusive`. */
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: string;
  /** The same while the lines around the place move, and while its growth is measured anew. */
  readonly fingerprint: string;
  /** Relative to the workspace; absent where no file of it is to blame. */
  readonly place?: { readonly file: string; readonly line: number; readonly column?: number };
  readonly scenario: string;
}

/** Suspects beyond these explain little. */
const suspectsMax = 3;

/**
 * What runs found, as alerts: one for each suspect, or one for the run where there is none.
 * @param workspace root of the checked-out repository
 */
export function codeAlerts(records: readonly RunRecord[], workspace: string): CodeAlert[] {
  return records.flatMap((record) => {
    if (record.verdict === 'plateau' || record.verdict === 'interrupted') return [];
    const suspects = record.suspects.slice(0, suspectsMax);
    return suspects.length === 0
      ? [alertOf(record, undefined, workspace)]
      : suspects.map((suspect) => alertOf(record, suspect, workspace));
  });
}

function alertOf(record: RunRecord, suspect: Suspect | undefined, workspace: string): CodeAlert {
  const { scenario, verdict, reason } = record;
  const bad = toneOf(verdict) === 'bad' || verdict === 'crashed';
  const place = placeOf(suspect, workspace);
  const holder = suspect?.holder === undefined ? '' : `, held by ${suspect.holder.description}`;
  const cause = suspect === undefined ? '' : ` ${suspect.description}${holder}.`;
  return {
    rule: verdict,
    level: bad ? 'error' : 'note',
    message: printable(`${scenario}: ${reason}.${cause}`, 1_000),
    fingerprint: fingerprintOf(record, suspect, workspace),
    ...(place !== undefined && { place }),
    scenario,
  };
}

/** The line of one's own code that leads there, where the line itself lies in a package. */
function placeOf(suspect: Suspect | undefined, workspace: string): CodeAlert['place'] {
  const own = [suspect?.location, suspect?.calledFrom, suspect?.holder?.location];
  const location = own.find((candidate) => candidate !== undefined && isWithin(candidate, workspace));
  if (location === undefined) return undefined;
  const { line, column } = location;
  return { file: shortPath(location.file, workspace), line, ...(column !== undefined && { column }) };
}

/** Made of names alone: lines, columns and rates change while the leak stays the same. */
function fingerprintOf({ scenario, verdict }: RunRecord, suspect: Suspect | undefined, workspace: string): string {
  const { location, kind, holder } = suspect ?? {};
  const names = [
    scenario,
    verdict,
    kind,
    location === undefined ? undefined : shortPath(location.file, workspace),
    location?.function,
    location?.source,
    holder?.path.join('.'),
  ];
  return createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 32);
}
