import { metricDefinition } from '../../harness/model/metric.js';
import type { Finding, RunRecord } from '../../harness/model/run-record.js';
import type { SampleTable } from '../../harness/model/sample.js';
import { type Tone, toneOf } from '../format/wording.js';
import { bucketRows, envelope, type FloorPlaces, type LoadBuckets, placedValues, placeFloors } from './downsample.js';
import { type FittedLine, fitLine } from './fitted-line.js';
import { type PackedNumbers, packNumbers } from './packed-numbers.js';

/** One metric as the page draws it; floors are exact, load samples may be an envelope. */
export interface ChartData {
  readonly metric: string;
  readonly unit: string;
  readonly tone: Tone | 'context';
  /** Values at the floors that are drawn, NaN where the metric was not read. */
  readonly floors: PackedNumbers;
  /** Floors at which it was read, drawn or not. */
  readonly read: number;
  /** Floors of which phases were judged; the others are drawn hollow. */
  readonly judgedPhases: string;
  /** Lowest and highest load value of each bucket; only `low` where every load sample is its own bucket. */
  readonly load?: { readonly low: PackedNumbers; readonly high?: PackedNumbers };
  /** Every floor that was read has the same value. */
  readonly steady: boolean;
  /** Line and band at judged floors. */
  readonly fit?: FittedLine;
  /** Cycles and time up to which floors were warm-up. */
  readonly warmup?: { readonly cycles: number; readonly elapsedMs: number };
}

/** Curves of a run: shared positions first, then one entry a metric. */
export interface CurveData {
  readonly floors: {
    readonly cycles: PackedNumbers;
    readonly elapsedMs: PackedNumbers;
    readonly phases: string;
    /** Of each stretch of the run, the lowest and the highest floor are drawn. */
    readonly bucketed: boolean;
  };
  readonly load: { readonly cycles: PackedNumbers; readonly elapsedMs: PackedNumbers; readonly bucketed: boolean };
  readonly charts: readonly ChartData[];
}

/** Load samples beyond this many are shown as the lowest and highest of each bucket, so that no spike is lost. */
const loadPointsAtMost = 1_200;

const phaseLetters = { measure: 'm', null: 'n', census: 'c', control: 'k', rest: 'r', reload: 'l', hold: 'h' } as const;

/**
 * Everything that the page needs to draw the curves of a run.
 * @param floorsMax more floors than these are drawn as the lowest and the highest of each stretch
 */
export function curveData(
  record: RunRecord,
  samples: SampleTable,
  { floorsMax = Number.POSITIVE_INFINITY }: { readonly floorsMax?: number } = {},
): CurveData {
  // What is held alive stands far above every floor, and has a table of its own.
  const floors = rowsOfKind(samples, 'floor').filter((row) => samples.phases[row] !== 'hold');
  const places = placeFloors(floors, (row) => samples.phases[row]!, floorsMax);
  const load = bucketRows(rowsOfKind(samples, 'load'), samples.elapsedMs, loadPointsAtMost);
  const at = (column: Float64Array, rows: readonly number[]) => packNumbers(rows.map((row) => column[row]!));
  const middle = (column: Float64Array) =>
    packNumbers(load.buckets.map((rows) => (column[rows[0]!]! + column[rows.at(-1)!]!) / 2));
  const findings = new Map(record.findings.map((finding) => [finding.metric, finding]));
  return {
    floors: {
      cycles: at(samples.cycles, places.rows),
      elapsedMs: at(samples.elapsedMs, places.rows),
      phases: places.rows.map((row) => phaseLetters[samples.phases[row]!]).join(''),
      bucketed: places.bucketed,
    },
    load: { cycles: middle(samples.cycles), elapsedMs: middle(samples.elapsedMs), bucketed: load.bucketed },
    charts: orderedMetrics(record, samples).map((metric) =>
      chartOf({ metric, finding: findings.get(metric), samples, floors, places, load }),
    ),
  };
}

function rowsOfKind(samples: SampleTable, kind: 'floor' | 'load'): number[] {
  const rows: number[] = [];
  for (let row = 0; row < samples.length; row += 1) if (samples.kinds[row] === kind) rows.push(row);
  return rows;
}

/** As in the findings, then what was recorded without being judged. */
function orderedMetrics(record: RunRecord, samples: SampleTable): string[] {
  const found = record.findings.map(({ metric }) => metric).filter((metric) => samples.metrics.has(metric));
  return [...new Set([...found, ...[...samples.metrics.keys()].sort()])];
}

interface ChartSource {
  readonly metric: string;
  readonly finding: Finding | undefined;
  readonly samples: SampleTable;
  readonly floors: readonly number[];
  readonly places: FloorPlaces;
  readonly load: LoadBuckets;
}

function chartOf({ metric, finding, samples, floors, places, load }: ChartSource): ChartData {
  const values = judgedValues(samples, metric);
  const judgedPhases = metricDefinition(metric)?.channel === 'count' ? 'mc' : 'm';
  const isJudged = (row: number) =>
    judgedPhases.includes(phaseLetters[samples.phases[row]!]) && Number.isFinite(values[row]!);
  const warmup = warmupEnd(floors, isJudged, finding?.warmupRounds ?? 0);
  const { low, high } = envelope(values, load);
  const drawn = placedValues(values, places);
  const judged = places.rows.filter((row) => isJudged(row) && row > (warmup.last ?? -1));
  const fit =
    finding === undefined || finding.rounds < 2
      ? undefined
      : fitLine(finding, samples, { values, floors: places.rows, judged });
  return {
    metric,
    unit: finding?.unit ?? metricDefinition(metric)?.unit ?? '',
    tone: finding === undefined ? 'context' : toneOf(finding.verdict),
    floors: packNumbers(drawn.values),
    read: drawn.read,
    judgedPhases,
    steady: drawn.steady,
    ...(low.some(Number.isFinite) && {
      load: { low: packNumbers(low), ...(load.bucketed && { high: packNumbers(high) }) },
    }),
    ...(fit !== undefined && { fit }),
    ...(warmup.last !== undefined &&
      warmup.next !== undefined && { warmup: between(samples, warmup.last, warmup.next) }),
  };
}

interface WarmupEnd {
  /** Rows of the last judged floor of the warm-up, and of the first one after it. */
  readonly last?: number;
  readonly next?: number;
}

function warmupEnd(floors: readonly number[], isJudged: (row: number) => boolean, rounds: number): WarmupEnd {
  let last: number | undefined;
  let left = rounds;
  for (const row of rounds === 0 ? [] : floors) {
    if (!isJudged(row)) continue;
    if (left === 0) return { ...(last !== undefined && { last }), next: row };
    last = row;
    left -= 1;
  }
  return last === undefined ? {} : { last };
}

function between(samples: SampleTable, before: number, after: number): { cycles: number; elapsedMs: number } {
  return {
    cycles: (samples.cycles[before]! + samples.cycles[after]!) / 2,
    elapsedMs: (samples.elapsedMs[before]! + samples.elapsedMs[after]!) / 2,
  };
}

/** The heap is judged without compiled code, so it is drawn without it too. */
export function judgedValues(samples: SampleTable, metric: string): Float64Array {
  const values = samples.metrics.get(metric)!;
  const code = metric === 'heapUsed' ? samples.metrics.get('heapCode') : undefined;
  if (code === undefined) return values;
  return values.map((value, row) => (Number.isFinite(code[row]!) ? value - code[row]! : value));
}
