import type { HistoryChange, HistoryEntry } from '../model/history.js';
import type { KnownLeak, News } from '../model/news.js';

export interface NewsSources {
  /** Everything before tonight, in any order; tonight's own runs in it are ignored. */
  readonly history: readonly HistoryEntry[];
  readonly tonight: readonly HistoryEntry[];
  /** Changes over history and tonight, see `historyChanges`. */
  readonly changes: readonly HistoryChange[];
  readonly knownLeaks?: readonly KnownLeak[];
  /** Why the night is void: nothing else is told then. */
  readonly voidReason?: string;
  /** Nights in a row without a verdict before somebody is told. @defaultValue 3 */
  readonly undecidedNights?: number;
  /** `2026-11-25`, to see whether a known leak has expired. */
  readonly today: string;
}

/** What of a night is news, gravest first. Pure: the same nights make the same news. */
export function newsOf(_sources: NewsSources): News[] {
  return [];
}
