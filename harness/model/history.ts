import type { Interval } from './run-record.js';
import type { FindingVerdict, RunVerdict, Shape } from './verdict.js';

/**
 * Why a run was made. Trends are drawn of `soak` and `night` alone: the others plant defects, try commits or parts of a
 * scenario, or repeat themselves, and would show changes that nobody made.
 */
export const runPurposes = ['soak', 'night', 'canary', 'verify', 'compare', 'bisect', 'shrink'] as const;
export type RunPurpose = (typeof runPurposes)[number];

/** Runs of this purpose belong to the history. */
export function makesHistory(purpose: RunPurpose | undefined): boolean {
  return purpose === undefined || purpose === 'soak' || purpose === 'night';
}

/** What a trend is drawn of: one scenario in one variant. */
export interface SeriesKey {
  readonly scenario: string;
  /** Name of the variant, else the planted defects with `+` between them; empty for the scenario as it is. */
  readonly variant: string;
}

/** The variant of a series. */
export function seriesVariant({
  variant,
  defects = [],
}: {
  readonly variant?: string | undefined;
  readonly defects?: readonly string[] | undefined;
}): string {
  return variant ?? defects.toSorted().join('+');
}

/** One run in the history. */
export interface HistoryRun extends SeriesKey {
  readonly runId: string;
  readonly purpose: RunPurpose;
  /** The night that the run belongs to; a run outside of any is a night of its own, named by its id. */
  readonly night: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly gitCommit?: string;
  /** As JSON in the database: `json_extract(tags, '$.branch')`. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Processor, cores and Node version: throughput does not compare between machines. */
  readonly machine: string;
  readonly verdict: RunVerdict;
  readonly exitCode: number;
  readonly reason: string;
  readonly cycles: number;
}

/** A level within one run: its middle, and how well that is known from the run alone. */
export interface Level {
  readonly estimate: number;
  /** Standard error of the estimate from the scatter within the run; 0 for exact counts. */
  readonly standardError: number;
}

/**
 * One metric of one run. Findings have a slope and a level (the floor at rest); `throughput`, `footprint` and
 * `latency.<operation>.<phase>.<percentile>` have a level alone.
 */
export interface HistoryRow extends SeriesKey {
  readonly runId: string;
  readonly night: string;
  readonly startedAt: string;
  readonly gitCommit?: string;
  readonly machine: string;
  readonly metric: string;
  /** Unit of the level: `B`, `fds`, `cycles/s`, `ms`. */
  readonly unit: string;
  /** Absent for metrics that are never judged. */
  readonly verdict?: FindingVerdict;
  readonly shape?: Shape;
  readonly slope?: Interval;
  /** Of the slope's interval. */
  readonly confidence?: number;
  /** Largest slope that passes, in the slope's unit. */
  readonly budget?: number;
  readonly detectionFloor?: number;
  readonly level?: Level;
}

/** A run with its rows: what is added to the history at once. */
export interface HistoryEntry {
  readonly run: HistoryRun;
  readonly rows: readonly HistoryRow[];
}

export interface HistoryQuery {
  readonly scenario?: string;
  readonly variant?: string;
  readonly metric?: string;
  /** Of each scenario and variant the last runs alone. */
  readonly lastRuns?: number;
}

/** What of a metric a change was looked for in. */
export type TrendQuantity = 'slope' | 'level';

/** A value, and how well it is known by itself. */
export interface TrendPoint {
  readonly value: number;
  readonly standardError: number;
}

/** Where a series of nights went from one level to another for good. */
export interface ChangePoint {
  /** Index of the first point at the new level. */
  readonly index: number;
  /** Index of the point with which it was first clear; does not change when nights are added. */
  readonly foundIndex: number;
  /** Mean level on either side, up to the neighbouring change. */
  readonly before: number;
  readonly after: number;
  /** Probability of a change at least as clear in a series that has none. */
  readonly pValue: number;
}

/** A change in the history, with the run where it begins. */
export interface HistoryChange extends SeriesKey {
  readonly metric: string;
  readonly quantity: TrendQuantity;
  readonly unit: string;
  /** The run at which it begins. */
  readonly runId: string;
  readonly night: string;
  readonly startedAt: string;
  readonly gitCommit?: string;
  /** The run with which it was first clear. */
  readonly foundRunId: string;
  /** Commit of the last run before it: the change came after this one. */
  readonly commitBefore?: string;
  readonly before: number;
  readonly after: number;
  readonly pValue: number;
  /** The machine was another one at the same run. */
  readonly machineChanged: boolean;
}

/** One metric over nights, with the rows its points were taken from. */
export interface Trend {
  readonly metric: string;
  readonly quantity: TrendQuantity;
  /** Of the values: `B/cycle`, `B`, `cycles/s`. */
  readonly unit: string;
  /** As many as points. */
  readonly rows: readonly HistoryRow[];
  readonly points: readonly TrendPoint[];
  readonly changes: readonly HistoryChange[];
}

/** Everything that is shown of one scenario and variant. */
export interface SeriesTrends extends SeriesKey {
  /** Oldest first. */
  readonly runs: readonly HistoryRun[];
  /** By metric, the slope before the level. */
  readonly trends: readonly Trend[];
}
