import type { HistoryChange, HistoryRun, Trend } from '../../harness/model/history.js';
import { formatRate } from '../format/interval.js';
import { printable } from '../format/printable.js';
import { formatCount, formatQuantity } from '../format/quantity.js';

/** `slope` and `level` as a reader knows them. */
export function trendName({
  metric,
  quantity,
  trends,
}: Pick<Trend, 'metric' | 'quantity'> & { trends?: readonly Trend[] }) {
  const alone = trends?.every((other) => other.metric !== metric || other.quantity === quantity) ?? false;
  return `${printable(metric, 60)}${alone ? '' : quantity === 'slope' ? ' slope' : ' floor'}`;
}

/** One value of a trend with its unit: `+1.34 KiB/cycle`, `6.2 MiB`. */
export function trendValue(value: number, { quantity, unit }: Pick<Trend, 'quantity' | 'unit'>): string {
  if (quantity === 'level' || !unit.includes('/')) return formatQuantity(value, unit);
  return formatRate(value, unit);
}

export function shortCommit(commit: string | undefined): string {
  if (commit === undefined) return '';
  return printable(/^[0-9a-f]{12,}$/.test(commit) ? commit.slice(0, 7) : commit, 20);
}

/** `2026-03-06`. */
export function day({ startedAt }: { readonly startedAt: string }): string {
  return startedAt.slice(0, 10);
}

/** `2026-03-06 (f00dcaf)`, or the day alone. */
function dayAndCommit(run: Pick<HistoryRun, 'startedAt' | 'gitCommit'>): string {
  const commit = shortCommit(run.gitCommit);
  return `${day(run)}${commit === '' ? '' : ` (${commit})`}`;
}

/** Since when the last verdict has been as it is: ` since 2026-03-06 (f00dcaf)`. @param runs oldest first, at least one */
export function sinceText(runs: readonly HistoryRun[]): string {
  const last = runs.at(-1)!;
  const from = runs[runs.findLastIndex(({ verdict }) => verdict !== last.verdict) + 1] ?? last;
  return ` since ${dayAndCommit(from)}`;
}

/** `0.4 → +1.34 KiB/cycle since 2026-03-06 (f00dcafe)`. */
export function changeLine(change: HistoryChange): string {
  return `${trendValue(change.before, change)} → ${trendValue(change.after, change)} since ${dayAndCommit(change)}${change.machineChanged ? ', with another machine' : ''}`;
}

/** How many runs and nights, and from when to when. */
export function spanText(runs: readonly HistoryRun[]): string {
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return 'no runs';
  const span = day(first) === day(last) ? day(first) : `${day(first)} to ${day(last)}`;
  return `${formatCount(runs.length, 'runs')}, ${span}`;
}
