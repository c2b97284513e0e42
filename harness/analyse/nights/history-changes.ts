import type {
  ChangePoint,
  HistoryChange,
  HistoryEntry,
  HistoryRow,
  SeriesKey,
  SeriesTrends,
  Trend,
  TrendPoint,
  TrendQuantity,
} from '../../model/history.js';
import { metricDefinition, parentMetric } from '../../model/metric.js';
import { median } from '../statistics/order-statistics.js';
import { studentQuantile } from '../statistics/student-t.js';
import { changePoints } from './change-points.js';

/** Runs of one scenario and variant, oldest first. */
interface HistorySeries extends SeriesKey {
  readonly entries: readonly HistoryEntry[];
}

type Readings = Omit<Trend, 'changes'>;

const unbounded = 1e12;

/** Runs by scenario and variant, in the order of their names; runs in the order in which they were started. */
export function historySeries(entries: readonly HistoryEntry[]): HistorySeries[] {
  const series = new Map<string, HistoryEntry[]>();
  for (const entry of entries.toSorted(byStart)) {
    const key = JSON.stringify([entry.run.scenario, entry.run.variant]);
    const all = series.get(key);
    if (all === undefined) series.set(key, [entry]);
    else all.push(entry);
  }
  return [...series.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, all]) => ({ scenario: all[0]!.run.scenario, variant: all[0]!.run.variant, entries: all }));
}

/** Ids sort by time too, and distinguish runs of the same millisecond. */
export function byStart({ run: one }: HistoryEntry, { run: other }: HistoryEntry): number {
  if (one.startedAt !== other.startedAt) return one.startedAt < other.startedAt ? -1 : 1;
  return one.runId < other.runId ? -1 : 1;
}

/** Slope and level of every metric of every series, with their changes. */
export function historyTrends(entries: readonly HistoryEntry[]): SeriesTrends[] {
  return historySeries(entries).map((series) => ({
    scenario: series.scenario,
    variant: series.variant,
    runs: series.entries.map(({ run }) => run),
    trends: readingsOf(series).map((readings) => ({ ...readings, changes: changesIn(readings) })),
  }));
}

/** Slope and level of every metric of a series. */
function readingsOf({ entries }: HistorySeries): Readings[] {
  const rows = new Map<string, HistoryRow[]>();
  for (const { run, rows: ofRun } of entries) {
    if (run.verdict === 'crashed' || run.verdict === 'interrupted') continue;
    for (const row of ofRun) {
      const ofMetric = rows.get(row.metric);
      if (ofMetric === undefined) rows.set(row.metric, [row]);
      else ofMetric.push(row);
    }
  }
  return [...rows.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([metric, ofMetric]) =>
      (['slope', 'level'] as const).flatMap((quantity) => readingsIn(metric, quantity, ofMetric)),
    );
}

function readingsIn(metric: string, quantity: TrendQuantity, rows: readonly HistoryRow[]): Readings[] {
  const read = rows.flatMap((row) => {
    const point = quantity === 'slope' ? slopePoint(row) : levelPoint(row);
    return point === undefined ? [] : [{ row, point }];
  });
  const last = read.at(-1)?.row;
  if (last === undefined) return [];
  const unit = quantity === 'slope' ? last.slope!.unit : last.unit;
  // A budget or an operation that was renamed starts a trend anew.
  const alike = read.filter(({ row }) => (quantity === 'slope' ? row.slope!.unit : row.unit) === unit);
  return [{ metric, quantity, unit, rows: alike.map(({ row }) => row), points: alike.map(({ point }) => point) }];
}

/** A slope, and its error from the width of its interval. */
function slopePoint({ slope, confidence = 0.99 }: HistoryRow): TrendPoint | undefined {
  if (slope === undefined || !(slope.high - slope.low < unbounded)) return undefined;
  const widths = studentQuantile(1 - (1 - confidence) / 2, 1e6);
  // The lower bound of a plateau also allows for what a sound target grows by anyway, which is the same each night.
  const reach = Math.min((slope.high - slope.low) / 2, slope.high - slope.estimate);
  return { value: slope.estimate, standardError: reach / widths };
}

/** A level says nothing of a run that leaks: it is as high as the run was long. */
function levelPoint({ level, verdict }: HistoryRow): TrendPoint | undefined {
  return level === undefined || verdict === 'leak'
    ? undefined
    : { value: level.estimate, standardError: level.standardError };
}

/** What of a value is beneath notice. */
interface Notice {
  /** Smaller changes are none. */
  readonly least: number;
  /** Scatter that is assumed at the least. */
  readonly grain: number;
  /** See `changePoints`; stricter for what beside the verdicts is looked at for information. */
  readonly falseAlarm?: number;
}

const forInformation = 0.000_2;

function noticeOf({ metric, quantity, points, rows }: Readings): Notice {
  if (quantity === 'slope') {
    const budget = Math.abs(rows.at(-1)?.budget ?? 0);
    return { least: budget * 0.05, grain: budget * 0.01 };
  }
  const size = Math.abs(median(points.map(({ value }) => value)));
  if (metric === 'throughput') return { least: size * 0.03, grain: size * 0.003 };
  if (metric === 'footprint') return { least: size * 0.03, grain: size * 0.003, falseAlarm: forInformation };
  if (metric.startsWith('latency.'))
    return { least: Math.max(0.05, size * 0.1), grain: size * 0.01, falseAlarm: forInformation };
  if (metricDefinition(metric)?.channel === 'count') return { least: Math.max(1, size * 0.01), grain: 0.25 };
  return { least: size * 0.02, grain: size * 0.002 };
}

/**
 * Parts of another metric change with it and are not looked at, nor is what is resident: the footprint shows it, and
 * its slopes are too noisy to mean anything. Idle metrics are levels that are judged each night.
 */
function isFollowed({ metric, quantity, rows }: Readings): boolean {
  if (parentMetric(metric) !== undefined && !metric.startsWith('latency.')) return false;
  const channel = metricDefinition(metric)?.channel;
  if (channel === 'advisory' || channel === 'idle') return false;
  return quantity === 'level' || rows.some(({ verdict }) => verdict !== undefined);
}

/** Change points in slopes, floors, throughput, footprint and latency of every series in a history. */
export function historyChanges(entries: readonly HistoryEntry[]): HistoryChange[] {
  return historySeries(entries).flatMap((series) => readingsOf(series).flatMap(changesIn));
}

/** Changes in one metric, oldest first. */
function changesIn(readings: Readings): HistoryChange[] {
  if (!isFollowed(readings)) return [];
  const { least, grain, falseAlarm } = noticeOf(readings);
  const points = readings.points.map(({ value, standardError }) => ({
    value,
    standardError: Math.max(standardError, grain),
  }));
  return changePoints(points, { heightMin: least, ...(falseAlarm !== undefined && { falseAlarm }) }).map((change) =>
    named(change, readings),
  );
}

function named(change: ChangePoint, { metric, quantity, unit, rows }: Readings): HistoryChange {
  const [row, rowBefore, rowFound] = [rows[change.index]!, rows[change.index - 1]!, rows[change.foundIndex]!];
  const { scenario, variant, runId, night, startedAt, gitCommit } = row;
  return {
    scenario,
    variant,
    metric,
    quantity,
    unit,
    runId,
    night,
    startedAt,
    ...(gitCommit !== undefined && { gitCommit }),
    foundRunId: rowFound.runId,
    ...(rowBefore.gitCommit !== undefined && { commitBefore: rowBefore.gitCommit }),
    before: change.before,
    after: change.after,
    pValue: change.pValue,
    machineChanged: row.machine !== rowBefore.machine,
  };
}
