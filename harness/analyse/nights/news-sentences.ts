import type { HistoryChange, HistoryRow, HistoryRun, SeriesKey } from '../../model/history.js';
import type { NightReference } from '../../model/news.js';
import type { Interval } from '../../model/run-record.js';
import { quantity } from '../findings/quantity.js';

const metricsNamed = 3;
const per: Readonly<Record<string, string>> = { h: 'an hour', s: 'a second' };

/** `shop/carts` or `shop/carts (two-workers)`. */
export function seriesName({ scenario, variant }: SeriesKey): string {
  return variant === '' ? scenario : `${scenario} (${variant})`;
}

/** `night 6 (2026-03-06, commit 1a2b3c4)`. */
export function nightText({ number, startedAt, gitCommit }: NightReference): string {
  const commit = gitCommit === undefined ? '' : `, commit ${short(gitCommit)}`;
  return `night ${number} (${startedAt.slice(0, 10)}${commit})`;
}

export function commitText(commit: string | undefined): string {
  return commit === undefined ? 'an unknown commit' : `commit ${short(commit)}`;
}

function short(commit: string): string {
  return /^[0-9a-f]{12,}$/.test(commit) ? commit.slice(0, 7) : commit;
}

/** `leaks heapUsed by 1.34 KiB a cycle and fds, handles`. */
export function problemText(run: HistoryRun, metrics: readonly string[], row: HistoryRow | undefined): string {
  if (run.verdict === 'crashed') return `crashes: ${run.reason.replace(/\.$/, '')}`;
  const [first = '', ...others] = metrics;
  const named = others.slice(0, metricsNamed - 1);
  const more = others.length > named.length ? [`${others.length - named.length} more`] : [];
  const beside = named.length === 0 ? '' : ` (and ${[...named, ...more].join(', ')})`;
  if (row?.verdict !== 'leak' && row?.verdict !== 'known')
    return `is ${row?.verdict ?? run.verdict}: ${first}${beside}`;
  return `leaks ${first} by ${slopeText(row.slope)}${beside}`;
}

/** `1.34 KiB a cycle`. */
export function slopeText(slope: Interval | undefined): string {
  return slope === undefined ? 'an unknown amount' : rate(slope.estimate, slope.unit);
}

function rate(value: number, unit: string): string {
  const slash = unit.lastIndexOf('/');
  if (slash < 0) return quantity(value, unit);
  const driver = unit.slice(slash + 1);
  return `${quantity(value, unit.slice(0, slash))} ${per[driver] ?? `a ${driver}`}`;
}

/** `slope of heapUsed from 0.2 B to 4.1 B a cycle (p 0.000 2)`. */
export function changeText({ metric, quantity: what, unit, before, after, pValue }: HistoryChange): string {
  const subject = what === 'slope' ? `slope of ${metric}` : metric;
  const clarity = pValue < 0.000_1 ? 'p < 0.0001' : `p ${Number(pValue.toPrecision(1))}`;
  return `${subject} from ${rate(before, unit)} to ${rate(after, unit)} (${clarity})`;
}
