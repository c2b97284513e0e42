import type { HistoryEntry, HistoryQuery } from '../../model/history.js';

/**
 * The history database of an output directory. Each call locks it, opens it and lets it go again, so that several
 * processes may read it and add to it, and one that is killed harms nothing.
 */
export interface History {
  /** Adds runs, or replaces those of the same id; all or none. */
  add(entries: readonly HistoryEntry[]): Promise<void>;
  /** Makes it hold these runs and no others; all or none. */
  replaceAll(entries: readonly HistoryEntry[]): Promise<void>;
  /** Runs with their rows, oldest first. */
  entries(query?: HistoryQuery): Promise<HistoryEntry[]>;
}
