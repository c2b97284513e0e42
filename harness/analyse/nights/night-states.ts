import type { HistoryEntry, HistoryRow } from '../../model/history.js';
import type { NightReference } from '../../model/news.js';
import type { FindingVerdict, RunVerdict } from '../../model/verdict.js';
import { byStart } from './history-changes.js';

/** The run as a whole, where no metric is to blame: a crash. */
export const wholeRun = '';

/** A night of one scenario and variant: its run, or of several the one that says most. */
export interface Night extends NightReference {
  readonly entry: HistoryEntry;
}

/** What of a metric is known after a night. */
export interface MetricState {
  readonly state: 'sound' | 'failing';
  /** Night in which it got into this state; for `sound` the first that showed it. */
  readonly since: NightReference;
  /** Commit of the last night in the other state. */
  readonly commitBefore?: string;
  /** Last row in this state; absent for the run as a whole. */
  readonly row?: HistoryRow;
  /** Failing: the highest upper bound of its slope since it began. */
  readonly worst: number;
  /** Commit of the last night in this state. */
  readonly lastCommit?: string;
}

export type States = ReadonlyMap<string, MetricState>;

const failingVerdicts: ReadonlySet<FindingVerdict | undefined> = new Set<FindingVerdict>([
  'leak',
  'known',
  'stalled',
  'refusing',
  'spinning',
]);

export function isFailing({ verdict }: HistoryRow): boolean {
  return failingVerdicts.has(verdict);
}

/** A night says most when something fails in it, then when all is well, then when it is undecided. */
const byWeight: readonly RunVerdict[] = [
  'crashed',
  'leak',
  'stalled',
  'refusing',
  'spinning',
  'plateau',
  'inconclusive',
  'interrupted',
];

/** Nights of one scenario and variant in order, counted from 1. */
export function nightsOf(entries: readonly HistoryEntry[]): Night[] {
  const byNight = new Map<string, HistoryEntry>();
  for (const entry of entries.toSorted(byStart)) {
    const kept = byNight.get(entry.run.night);
    const saysMore = kept === undefined || byWeight.indexOf(entry.run.verdict) <= byWeight.indexOf(kept.run.verdict);
    if (saysMore) byNight.set(entry.run.night, entry);
  }
  return [...byNight.values()].toSorted(byStart).map((entry, index) => {
    const { night, runId, startedAt, gitCommit } = entry.run;
    return { number: index + 1, night, runId, startedAt, ...(gitCommit !== undefined && { gitCommit }), entry };
  });
}

/**
 * What is known of every metric after a night. What a night could not decide stays as it was: a leak is not fixed by a
 * run that was too short to see it.
 */
export function statesAfter(before: States, night: Night): States {
  const { run, rows } = night.entry;
  const states = new Map(before);
  if (run.verdict !== 'interrupted') {
    const crash = run.verdict === 'crashed';
    states.set(wholeRun, stateAfter(states.get(wholeRun), crash ? 'failing' : 'sound', night));
    if (crash) return states;
  }
  for (const row of rows) {
    if (isFailing(row)) states.set(row.metric, stateAfter(states.get(row.metric), 'failing', night, row));
    else if (row.verdict === 'plateau') states.set(row.metric, stateAfter(states.get(row.metric), 'sound', night, row));
  }
  // Where everything is shown to level off, what is not there any more does too.
  if (run.verdict === 'plateau')
    for (const [metric, { state }] of states)
      if (state === 'failing' && !rows.some((row) => row.metric === metric))
        states.set(metric, stateAfter(states.get(metric), 'sound', night));
  return states;
}

function stateAfter(
  before: MetricState | undefined,
  state: MetricState['state'],
  night: Night,
  row?: HistoryRow,
): MetricState {
  const { gitCommit } = night;
  const high = row?.slope?.high ?? Number.NEGATIVE_INFINITY;
  const latest = { ...(row && { row }), ...(gitCommit !== undefined && { lastCommit: gitCommit }) };
  if (before?.state === state) return { ...before, ...latest, worst: Math.max(before.worst, high) };
  const { entry: _entry, ...since } = night;
  const commitBefore = before?.lastCommit;
  return { state, since, ...(commitBefore !== undefined && { commitBefore }), ...latest, worst: high };
}
