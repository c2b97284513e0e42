import type { HistoryChange, HistoryEntry } from '../model/history.js';

/** Change points in slopes, floors, throughput, footprint and latency of every series in a history. */
export function historyChanges(_entries: readonly HistoryEntry[]): HistoryChange[] {
  return [];
}
