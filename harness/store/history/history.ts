import type { HistoryEntry, HistoryQuery } from '../../model/history.js';

/** The history database of an output directory. Several processes may have it open and add to it. */
export interface History {
  /** Adds runs, or replaces those of the same id; all or none. */
  add(entries: readonly HistoryEntry[]): void;
  /** Takes runs out (their directories were deleted and they should not come back as gaps). */
  remove(runIds: readonly string[]): void;
  /** Runs with their rows, oldest first. */
  entries(query?: HistoryQuery): HistoryEntry[];
  /** Every scenario with a variant that has runs. */
  close(): void;
}
