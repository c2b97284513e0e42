import { seriesVariant } from '../../harness/model/history.js';
import type { News, NewsKind } from '../../harness/model/news.js';
import type { NightEntryRecord, NightRecord } from '../../harness/model/night.js';

/** What each kind of news is called, and how grave it looks. */
export const newsWords: Readonly<Record<NewsKind, { readonly word: string; readonly symbol: string }>> = {
  void: { word: 'void', symbol: '✗' },
  new: { word: 'new', symbol: '✗' },
  worse: { word: 'worse', symbol: '✗' },
  expired: { word: 'expired', symbol: '✗' },
  change: { word: 'change', symbol: '!' },
  undecided: { word: 'undecided', symbol: '?' },
  fixed: { word: 'fixed', symbol: '✓' },
  still: { word: 'still', symbol: '·' },
};

export function isGrave({ kind }: News): boolean {
  return newsWords[kind].symbol === '✗';
}

/** The entry that news is about. */
export function entryOf(night: NightRecord, { scenario, variant = '' }: News): NightEntryRecord | undefined {
  return night.entries.find((entry) => entry.scenario === scenario && seriesVariant(entry) === variant);
}

/** `night 20261125-020000-00abc: void`, with what somebody should know first. */
export function nightHeadline(night: NightRecord): string {
  const reported = night.news.filter((news) => news.reported);
  const [first] = reported;
  if (first === undefined) return `plateau night: nothing new (${night.reason})`;
  const more = reported.length > 1 ? ` (and ${reported.length - 1} more)` : '';
  return `plateau night: ${first.message}${more}`;
}

/** `leak (known)`, `void`. */
export function verdictWord({ verdict, known }: NightEntryRecord): string {
  return known ? `${verdict} (known)` : verdict;
}
