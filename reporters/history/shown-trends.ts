import type { SeriesTrends, Trend } from '../../harness/model/history.js';
import { metricDefinition, parentMetric } from '../../harness/model/metric.js';
import { toneOf } from '../format/wording.js';

/** Metrics that say how a service fares even where nothing happens to them. */
const alwaysShown: ReadonlySet<string> = new Set([
  'heapUsed slope',
  'heapUsed level',
  'footprint level',
  'throughput level',
]);

/** Why a trend deserves a reader's eye: it changed, it fails, or it is one that is always looked at. */
export function rankOf(trend: Trend, { runs }: SeriesTrends): 'changed' | 'failing' | 'always' | 'rest' {
  const last = trend.rows.at(-1);
  const failing = last !== undefined && last.runId === runs.at(-1)?.runId && isFailing(last.verdict);
  if (trend.quantity === 'slope' && failing) return 'failing';
  if (trend.changes.length > 0) return 'changed';
  return alwaysShown.has(`${trend.metric} ${trend.quantity}`) ? 'always' : 'rest';
}

function isFailing(verdict: string | undefined): boolean {
  return verdict === 'leak' || verdict === 'stalled' || verdict === 'refusing' || verdict === 'spinning';
}

const order = ['failing', 'changed', 'always', 'rest'] as const;

/** What is shown without being asked for, the gravest first. */
export function shownTrends(series: SeriesTrends, all = false): Trend[] {
  return series.trends
    .map((trend) => ({ trend, rank: rankOf(trend, series) }))
    .filter(({ trend, rank }) => rank !== 'rest' || (all && moves(trend)))
    .sort((one, other) => order.indexOf(one.rank) - order.indexOf(other.rank))
    .map(({ trend }) => trend);
}

/** Scenarios that fail first, then those that are undecided, then those that changed. */
export function gravestFirst(all: readonly SeriesTrends[]): SeriesTrends[] {
  const gravity = ({ runs, trends }: SeriesTrends) => {
    const tone = runs.length === 0 ? 'quiet' : toneOf(runs.at(-1)!.verdict);
    if (tone === 'bad') return 0;
    if (tone === 'unknown') return 1;
    return trends.some(({ changes }) => changes.length > 0) ? 2 : 3;
  };
  return all.toSorted((one, other) => gravity(one) - gravity(other));
}

/** Breakdowns and things that were always zero fill pages and show nothing. */
function moves({ metric, points }: Trend): boolean {
  if (metricDefinition(metric)?.channel !== 'bytes' && parentMetric(metric) !== undefined) return false;
  return points.some(({ value }) => value !== 0);
}
