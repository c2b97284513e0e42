import type { HistoryChange, SeriesKey } from './history.js';
import type { Interval } from './run-record.js';
import type { RunVerdict } from './verdict.js';

/**
 * - `new`: leaks (or stalls, refuses, spins, crashes) and did not before
 * - `worse`: goes on leaking, and its slope lies wholly above that of every night since it began
 * - `fixed`: shown to be sound again
 * - `still`: goes on as before; known, and not reported again
 * - `change`: a change point over nights that no single night shows
 * - `void`: the canaries failed, so the night says nothing
 * - `undecided`: inconclusive for so many nights that somebody should look
 * - `expired`: a known leak whose date has passed and which still leaks
 */
export const newsKinds = ['void', 'new', 'worse', 'expired', 'change', 'fixed', 'undecided', 'still'] as const;
export type NewsKind = (typeof newsKinds)[number];

/** A night, as news names it. */
export interface NightReference {
  /** Counted from 1 in the history of this scenario and variant. */
  readonly number: number;
  readonly night: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly gitCommit?: string;
}

/** A leak that is known; it is not reported before it expires. */
export interface KnownLeak {
  readonly scenario: string;
  /** @defaultValue every variant */
  readonly variant?: string;
  /** A metric, or `family.*`. @defaultValue every metric of the scenario */
  readonly metric?: string;
  readonly owner: string;
  readonly note?: string;
  /** Last day on which it is still excused, `2026-12-31`. */
  readonly expires: string;
}

export interface News extends Partial<SeriesKey> {
  readonly kind: NewsKind;
  /** Whether somebody should be notified; `still` and known leaks are for the record. */
  readonly reported: boolean;
  /** One sentence that a person understands. */
  readonly message: string;
  /** Gravest first; empty where the run as a whole is meant. */
  readonly metrics: readonly string[];
  /** What the run does, where it is `new`, `worse`, `still` or `expired`. */
  readonly verdict?: RunVerdict;
  /** Of the first metric. */
  readonly slope?: Interval;
  /** Slope of the first metric before, where there is one. */
  readonly slopeBefore?: Interval;
  /** Tonight's run, or the one where a change begins. */
  readonly runId?: string;
  readonly gitCommit?: string;
  /** Commit of the last night that was sound (`new`, `change`) or that leaked (`fixed`). */
  readonly commitBefore?: string;
  /** When it began: `still`, `worse`, `fixed`, `expired`, `undecided`. */
  readonly since?: NightReference;
  readonly change?: HistoryChange;
  readonly known?: KnownLeak;
}
