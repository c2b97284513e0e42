import type { HistoryChange, SeriesTrends, Trend } from '../../harness/model/history.js';
import { changeLine, shortCommit } from '../history/trend-text.js';
import { type PackedNumbers, packNumbers } from './packed-numbers.js';

/** One trend as the page draws it: a value a run, NaN where there is none. */
export interface TrendData {
  readonly metric: string;
  readonly quantity: 'slope' | 'level';
  readonly unit: string;
  readonly values: PackedNumbers;
  /** Interval of a slope. */
  readonly low?: PackedNumbers;
  readonly high?: PackedNumbers;
  /** Mean between changes, where there are any. */
  readonly levels?: PackedNumbers;
  readonly changes: readonly { readonly at: number; readonly text: string }[];
}

/** The runs of one scenario and variant, which all its trends are drawn over. */
export interface SeriesData {
  readonly runs: readonly {
    readonly at: string;
    readonly commit: string;
    readonly verdict: string;
    readonly id: string;
  }[];
  readonly trends: readonly TrendData[];
}

/** What the page's script reads of a series; `trends` in the order in which they are shown. */
export function seriesData({ runs }: SeriesTrends, trends: readonly Trend[]): SeriesData {
  const places = new Map(runs.map(({ runId }, index) => [runId, index]));
  return {
    runs: runs.map(({ runId, startedAt, gitCommit, verdict }) => ({
      at: startedAt,
      commit: shortCommit(gitCommit),
      verdict,
      id: runId,
    })),
    trends: trends.map((trend) => trendData(trend, places)),
  };
}

function trendData(trend: Trend, places: ReadonlyMap<string, number>): TrendData {
  const { metric, quantity, unit, rows, points, changes } = trend;
  const spread = (values: readonly number[]) => {
    const spreadOut = new Array<number>(places.size).fill(Number.NaN);
    rows.forEach(({ runId }, index) => {
      const place = places.get(runId);
      if (place !== undefined) spreadOut[place] = values[index]!;
    });
    return packNumbers(spreadOut);
  };
  const bounded = quantity === 'slope' && rows.every(({ slope }) => slope !== undefined);
  return {
    metric,
    quantity,
    unit,
    values: spread(points.map(({ value }) => value)),
    ...(bounded && {
      low: spread(rows.map(({ slope }) => slope!.low)),
      high: spread(rows.map(({ slope }) => slope!.high)),
    }),
    ...(changes.length > 0 && { levels: spread(levelsOf(trend)) }),
    changes: changes.map((change) => ({ at: places.get(change.runId) ?? 0, text: changeLine(change) })),
  };
}

/** Of every point the mean of the stretch that it lies in. */
function levelsOf({ rows, changes }: Trend): number[] {
  let last: HistoryChange | undefined;
  const starts = new Map(changes.map((change) => [change.runId, change]));
  return rows.map(({ runId }) => {
    last = starts.get(runId) ?? last;
    return last?.after ?? changes[0]!.before;
  });
}
