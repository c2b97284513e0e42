import type { RunEvent } from '../model/run-log.js';
import type { Sample, SampleKind, SamplePhase } from '../model/sample.js';
import type { SampleHead, SampleTableBuilder } from '../model/sample-table.js';
import { checkedEvent } from './event-schema.js';

/*
 * samples.ndjson, one JSON value a line:
 *   {"columns":["kind","phase","round","elapsedMs","cycles","cycles.commit","heapUsed","fds"],"operations":1}
 *   ["floor","measure",0,812.5,220,220,3697904,23]
 *   {"event":"counts","round":0,"created":220,"destroyed":220,"failed":0}
 * A `columns` line holds for the rows after it. Its first five names are fixed, the next `operations` ones are cumulative
 * cycles by operation, the rest are metrics. `null` is a value that was not read.
 */

const fixedColumns = ['kind', 'phase', 'round', 'elapsedMs', 'cycles'] as const;
const operationPrefix = 'cycles.';
const kinds: ReadonlySet<unknown> = new Set<SampleKind>(['floor', 'load']);
const phases: ReadonlySet<unknown> = new Set<SamplePhase>([
  'measure',
  'null',
  'census',
  'control',
  'rest',
  'reload',
  'hold',
]);

/** Turns samples and events into lines; remembers the columns it has announced. */
export class SampleLogEncoder {
  private readonly operations = new Set<string>();
  private readonly metrics = new Set<string>();
  private announced = false;

  /** One line, or two when the set of columns grows; each ends with a line feed. */
  sample(sample: Sample): string {
    const columns = this.columnsFor(sample);
    const { kind, phase, round, elapsedMs, cycles, cyclesByOperation, values } = sample;
    const row: unknown[] = [kind, phase, round, elapsedMs, cycles];
    for (const name of this.operations) row.push(cyclesByOperation[name] ?? null);
    for (const name of this.metrics) row.push(values[name] ?? null);
    return `${columns}${JSON.stringify(row)}\n`;
  }

  event(event: RunEvent): string {
    return `${JSON.stringify(event)}\n`;
  }

  /** What was announced last did not reach the file: announce again with the next sample. */
  announceAgain(): void {
    this.announced = false;
  }

  private columnsFor({ cyclesByOperation, values }: Sample): string {
    const before = this.operations.size + this.metrics.size;
    for (const name of Object.keys(cyclesByOperation)) this.operations.add(name);
    for (const name of Object.keys(values)) this.metrics.add(name);
    if (this.announced && this.operations.size + this.metrics.size === before) return '';
    this.announced = true;
    const operations = [...this.operations].map((name) => `${operationPrefix}${name}`);
    const columns = [...fixedColumns, ...operations, ...this.metrics];
    return `${JSON.stringify({ columns, operations: operations.length })}\n`;
  }
}

/** Reads lines back into a table and a list; `line` throws an `Error` that says what is wrong with the line. */
export class SampleLogDecoder {
  private columns: readonly string[] = [];
  private addRow: ReturnType<SampleTableBuilder['addRows']> | undefined;

  constructor(
    private readonly samples: SampleTableBuilder,
    private readonly onEvent: (event: RunEvent) => void,
  ) {}

  line(text: string): void {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) this.row(value);
    else if (isRecord(value) && 'columns' in value) this.announce(value.columns, value.operations);
    else if (isRecord(value) && typeof value.event === 'string')
      this.onEvent(checkedEvent({ ...value, event: value.event }));
    else throw new Error('expected a row, a "columns" object or an event');
  }

  private announce(columns: unknown, operations: unknown): void {
    const valid =
      Array.isArray(columns) &&
      columns.every((name) => typeof name === 'string') &&
      fixedColumns.every((name, index) => columns[index] === name) &&
      Number.isInteger(operations);
    if (!valid) throw new Error(`expected "columns" that begin with ${fixedColumns.join(', ')}`);
    const firstMetric = fixedColumns.length + (operations as number);
    this.columns = columns;
    this.addRow = this.samples.addRows(
      columns.slice(fixedColumns.length, firstMetric).map((name) => name.slice(operationPrefix.length)),
      columns.slice(firstMetric),
    );
  }

  private row(cells: readonly unknown[]): void {
    const { columns, addRow } = this;
    if (addRow === undefined) throw new Error('expected "columns" before the first row');
    if (cells.length !== columns.length) throw new Error(`expected ${columns.length} values, got ${cells.length}`);
    const head = headOf(cells);
    for (let index = fixedColumns.length; index < cells.length; index += 1) {
      const value = cells[index];
      if (typeof value !== 'number' && value !== null)
        throw new Error(`${columns[index]} must be a number or null, got ${JSON.stringify(value)}`);
    }
    addRow(head, cells, fixedColumns.length);
  }
}

function headOf([kind, phase, round, elapsedMs, cycles]: readonly unknown[]): SampleHead {
  if (!kinds.has(kind)) throw new Error(`expected "floor" or "load", got ${JSON.stringify(kind)}`);
  if (!phases.has(phase)) throw new Error(`unknown phase ${JSON.stringify(phase)}`);
  if (typeof round !== 'number' || typeof elapsedMs !== 'number' || typeof cycles !== 'number')
    throw new Error('round, elapsedMs and cycles must be numbers');
  return { kind: kind as SampleKind, phase: phase as SamplePhase, round, elapsedMs, cycles };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
