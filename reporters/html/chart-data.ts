import { metricDefinition } from '../../harness/model/metric.js';
import type { Finding, RunRecord } from '../../harness/model/run-record.js';
import type { SampleTable } from '../../harness/model/sample.js';
import { type Tone, toneOf } from '../format/wording.js';
import { bucketRows, envelope, type LoadBuckets } from './downsample.js';
import { type FittedLine, fitLine } from './fitted-line.js';
import { type PackedNumbers, packNumbers } from './packed-numbers.js';

/** One metric as the page draws it; floors are complete and exact, load samples may be an envelope. */
export interface ChartData {
  readonly metric: string;
  readonly unit: string;
  readonly tone: Tone | 'context';
  /** Values at every floor of the run, NaN where the metric was not read. */
  readonly floors: PackedNumbers;
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
  readonly floors: { readonly cycles: PackedNumbers; readonly elapsedMs: PackedNumbers; readonly phases: string };
  readonly load: { readonly cycles: PackedNumbers; readonly elapsedMs: PackedNumbers; readonly bucketed: boolean };
  readonly charts: readonly ChartData[];
}

/** Load samples beyond this many are shown as the lowest and highest of each bucket, so that no spike is lost. */
const loadPointsAtMost = 1_200;

const phaseLetters = { measure: 'm', null: 'n', census: 'c', control: 'k', rest: 'r', reload: 'l', hold: 'h' } as const;

/** Everything that the page needs to draw the curves of a run. */
export function curveData(record: RunRecord, samples: SampleTable): CurveData {
  // What is held alive stands far above every floor, and has a table of its own.
  const floors = rowsOfKind(samples, 'floor').filter((row) => samples.phases[row] !== 'hold');
  const load = bucketRows(rowsOfKind(samples, 'load'), samples.elapsedMs, loadPointsAtMost);
  const at = (column: Float64Array, rows: readonly number[]) => packNumbers(rows.map((row) => column[row]!));
  const middle = (column: Float64Array) =>
    packNumbers(load.buckets.map((rows) => (column[rows[0]!]! + column[rows.at(-1)!]!) / 2));
  const findings = new Map(record.findings.map((finding) => [finding.metric, finding]));
  return {
    floors: {
      cycles: at(samples.cycles, floors),
      elapsedMs: at(samples.elapsedMs, floors),
      phases: floors.map((row) => phaseLetters[samples.phases[row]!]).join(''),
    },
    load: { cycles: middle(samples.cycles), elapsedMs: middle(samples.elapsedMs), bucketed: load.bucketed },
    charts: orderedMetrics(record, samples).map((metric) =>
      chartOf({ metric, finding: findings.get(metric), samples, floors, load }),
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
  readonly load: LoadBuckets;
}

function chartOf({ metric, finding, samples, floors, load }: ChartSource): ChartData {
  const values = judgedValues(samples, metric);
  const judgedPhases = metricDefinition(metric)?.channel === 'count' ? 'mc' : 'm';
  const judged = floors.filter(
    (row) => judgedPhases.includes(phaseLetters[samples.phases[row]!]) && Number.isFinite(values[row]!),
  );
  const warmupRows = judged.slice(0, finding?.warmupRounds ?? 0);
  const firstJudged = judged[warmupRows.length];
  const { low, high } = envelope(values, load);
  const read = low.some(Number.isFinite);
  const fit =
    finding === undefined || finding.rounds < 2
      ? undefined
      : fitLine(finding, samples, { values, floors, judged: judged.slice(warmupRows.length) });
  return {
    metric,
    unit: finding?.unit ?? metricDefinition(metric)?.unit ?? '',
    tone: finding === undefined ? 'context' : toneOf(finding.verdict),
    floors: packNumbers(floors.map((row) => values[row]!)),
    judgedPhases,
    steady: isSteady(floors.map((row) => values[row]!)),
    ...(read && { load: { low: packNumbers(low), ...(load.bucketed && { high: packNumbers(high) }) } }),
    ...(fit !== undefined && { fit }),
    ...(warmupRows.length > 0 &&
      firstJudged !== undefined && {
        warmup: between(samples, warmupRows.at(-1)!, firstJudged),
      }),
  };
}

function isSteady(values: readonly number[]): boolean {
  const read = values.filter(Number.isFinite);
  return read.every((value) => value === read[0]);
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
