import type { Comparison } from './comparison.js';
import type { RunRecord } from './run-record.js';

/** What became of one scenario between the base of a change and its head. */
export type ScenarioChange = {
  readonly name: string;
} & (
  | { readonly kind: 'compared'; readonly comparison: Comparison; readonly after: RunRecord }
  /** The base has no such module. */
  | { readonly kind: 'added'; readonly after: RunRecord }
  | { readonly kind: 'failed'; readonly reason: string }
  /** There was no time left. */
  | { readonly kind: 'skipped' }
);

export interface PullRequestResult {
  /** As it was asked for. */
  readonly base: string;
  /** The commit that both sides have in common. */
  readonly baseSha: string;
  readonly scenarios: readonly ScenarioChange[];
  /** Scenarios that the change does not touch. */
  readonly untouched: readonly string[];
}

/** Nothing is worse, something is, or it is not known. */
export type ChangeOutcome = 'sound' | 'worse' | 'unknown';

export function outcomeOf(change: ScenarioChange): ChangeOutcome {
  if (change.kind === 'failed' || change.kind === 'skipped') return 'unknown';
  const exitCode = change.kind === 'compared' ? change.comparison.exitCode : change.after.exitCode;
  return exitCode === 0 ? 'sound' : exitCode === 1 ? 'worse' : 'unknown';
}

/** What a reviewer wants to know of: a change that makes something worse, breaks it or fixes it. */
export function isNews(change: ScenarioChange): boolean {
  if (change.kind === 'compared') return outcomeOf(change) === 'worse' || change.comparison.verdict === 'fixed';
  return change.kind === 'failed' || (change.kind === 'added' && outcomeOf(change) === 'worse');
}

/** 1 where something is worse, 2 where it is not known, 0 otherwise; no scenario that is touched is no failure. */
export function exitCodeOfChanges(changes: readonly ScenarioChange[]): 0 | 1 | 2 {
  const outcomes = changes.map(outcomeOf);
  if (outcomes.includes('worse')) return 1;
  return outcomes.includes('unknown') ? 2 : 0;
}
