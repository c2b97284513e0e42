import { historyEntryOf } from '../../analyse/nights/history-entry.js';
import { PlateauError } from '../../model/errors.js';
import { type HistoryEntry, type HistoryQuery, makesHistory } from '../../model/history.js';
import type { StoredRun } from '../../model/run-log.js';
import type { RunRecord } from '../../model/run-record.js';
import { type History, openHistory } from '../../store/history/history.js';
import { loadRun, readManifest, readRunRecord } from '../../store/load-run.js';
import { listRuns, resolveRun } from '../../store/resolve-run.js';

/** A run directory that the history does without. */
export interface LeftOut {
  readonly runId: string;
  readonly why: string;
}

/**
 * Adds a judged run to the history of its output directory; a run that makes no history is left out.
 * @returns `undefined` when there was nothing to add
 * @throws {PlateauError} `PLATEAU_STORE` when the database cannot be written
 */
export async function addToHistory(
  outDirectory: string,
  run: StoredRun,
  record: RunRecord,
): Promise<HistoryEntry | undefined> {
  const entry = historyEntryOf(run, record);
  if (entry === undefined) return undefined;
  const history = openHistory(outDirectory);
  // The first run that is added to a directory with older ones brings them along.
  if (!history.exists() && listRuns(outDirectory).length > 1) await rebuildHistory(outDirectory);
  await history.add([entry]);
  return entry;
}

export interface Rebuilt {
  /** How many runs the history holds. */
  readonly runs: number;
  /** How many of them have no directory any more. */
  readonly remembered: number;
  readonly leftOut: readonly LeftOut[];
}

/** Makes the history anew from the run directories; what is known of runs that retention has deleted is kept. */
export async function rebuildHistory(outDirectory: string): Promise<Rebuilt> {
  const history = openHistory(outDirectory);
  const before = listRuns(outDirectory);
  const remembered = await withoutDirectory(history, before);
  const { entries, leftOut } = await entriesOf(outDirectory, before);
  await history.replaceAll([...remembered, ...entries]);
  // Runs that ended meanwhile have added themselves to the database that was replaced.
  const seen = new Set(before);
  const late = await entriesOf(
    outDirectory,
    listRuns(outDirectory).filter((id) => !seen.has(id)),
  );
  if (late.entries.length > 0) await history.add(late.entries);
  return {
    runs: remembered.length + entries.length + late.entries.length,
    remembered: remembered.length,
    leftOut: [...leftOut, ...late.leftOut],
  };
}

async function withoutDirectory(history: History, ids: readonly string[]): Promise<HistoryEntry[]> {
  const present = new Set(ids);
  try {
    return (await history.entries()).filter(({ run }) => !present.has(run.runId));
  } catch (error) {
    // A damaged database remembers nothing; it is what a rebuild is for.
    if (error instanceof PlateauError && error.code === 'PLATEAU_STORE') return [];
    throw error;
  }
}

/** Runs with their rows, oldest first; built first where there is no database yet. */
export async function readHistory(outDirectory: string, query: HistoryQuery = {}): Promise<HistoryEntry[]> {
  const history = openHistory(outDirectory);
  if (!history.exists() && listRuns(outDirectory).length > 0) await rebuildHistory(outDirectory);
  return history.entries(query);
}

async function entriesOf(
  outDirectory: string,
  ids: readonly string[],
): Promise<{ entries: HistoryEntry[]; leftOut: LeftOut[] }> {
  const entries: HistoryEntry[] = [];
  const leftOut: LeftOut[] = [];
  for (const runId of ids) {
    const found = await storedEntry(outDirectory, runId);
    if (typeof found === 'string') leftOut.push({ runId, why: found });
    else entries.push(found);
  }
  return { entries, leftOut };
}

/** The entry of a run directory, or why there is none. */
async function storedEntry(outDirectory: string, runId: string): Promise<HistoryEntry | string> {
  try {
    const directory = await resolveRun(runId, outDirectory);
    const { purpose } = await readManifest(directory);
    if (!makesHistory(purpose)) return `made for ${purpose}`;
    const record = await readRunRecord(directory);
    if (record === undefined) return 'not judged: plateau analyse judges it';
    return historyEntryOf(await loadRun(directory), record) ?? `made for ${purpose}`;
  } catch (error) {
    if (error instanceof PlateauError) return error.message;
    throw error;
  }
}
