import type { HistoryEntry, HistoryQuery } from '../model/history.js';
import type { StoredRun } from '../model/run-log.js';
import type { RunRecord } from '../model/run-record.js';

/**
 * Adds a judged run to the history of its output directory; a run that makes no history is left out.
 * @returns `undefined` when there was nothing to add
 * @throws {PlateauError} `PLATEAU_HISTORY` when the database cannot be written
 */
export async function addToHistory(
  _outDirectory: string,
  _run: StoredRun,
  _record: RunRecord,
): Promise<HistoryEntry | undefined> {
  return undefined;
}

/** Makes the history anew from the run directories. @returns how many runs it holds, and the directories left out and why */
export async function rebuildHistory(_outDirectory: string): Promise<{
  readonly runs: number;
  readonly leftOut: readonly { readonly directory: string; readonly why: string }[];
}> {
  return { runs: 0, leftOut: [] };
}

/** Runs with their rows, oldest first; rebuilt first where there is no database yet. */
export async function readHistory(_outDirectory: string, _query?: HistoryQuery): Promise<HistoryEntry[]> {
  return [];
}
