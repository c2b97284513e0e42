import type { Sample, SampleKind, SamplePhase, SampleTable } from './sample.js';

class Column {
  values = new Float64Array(64).fill(Number.NaN);

  set(row: number, value: number): void {
    if (row >= this.values.length) {
      // A metric that is first read late in a run jumps over many doublings.
      const grown = new Float64Array(Math.max(this.values.length * 2, row + 1)).fill(Number.NaN);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[row] = value;
  }

  /** A view of the first `length` rows; rows never written are NaN. */
  view(length: number): Float64Array {
    if (length > this.values.length) this.set(length - 1, Number.NaN);
    return this.values.subarray(0, length);
  }
}

/** A sample without its values. */
export type SampleHead = Pick<Sample, 'kind' | 'phase' | 'round' | 'elapsedMs' | 'cycles'>;

/** Collects samples into columns. Memory: 8 bytes a value, whatever the number of metrics. */
export class SampleTableBuilder {
  private length = 0;
  private readonly kinds: SampleKind[] = [];
  private readonly phases: SamplePhase[] = [];
  private readonly rounds = new Column();
  private readonly elapsedMs = new Column();
  private readonly cycles = new Column();
  private readonly operations = new Map<string, Column>();
  private readonly metrics = new Map<string, Column>();

  add(sample: Sample): void {
    const row = this.addHead(sample);
    for (const [name, value] of Object.entries(sample.cyclesByOperation))
      columnOf(this.operations, name).set(row, value);
    for (const [name, value] of Object.entries(sample.values)) columnOf(this.metrics, name).set(row, value);
  }

  /**
   * For samples whose values come by position: looks the columns up once for many rows.
   * @returns adds one sample; of `cells`, the values of `operations` and then of `metrics` are read from index `from` on,
   *   and what is not a number was not read
   */
  addRows(operations: readonly string[], metrics: readonly string[]) {
    const columns = [
      ...operations.map((name) => columnOf(this.operations, name)),
      ...metrics.map((name) => columnOf(this.metrics, name)),
    ];
    return (head: SampleHead, cells: readonly unknown[], from: number): void => {
      const row = this.addHead(head);
      for (let index = 0; index < columns.length; index += 1) {
        const value = cells[from + index];
        if (typeof value === 'number') columns[index]?.set(row, value);
      }
    };
  }

  private addHead(head: SampleHead): number {
    const row = this.length;
    this.length += 1;
    this.kinds.push(head.kind);
    this.phases.push(head.phase);
    this.rounds.set(row, head.round);
    this.elapsedMs.set(row, head.elapsedMs);
    this.cycles.set(row, head.cycles);
    return row;
  }

  /** The samples so far. The table shares memory with the builder: do not add while it is in use. */
  table(): SampleTable {
    const { length } = this;
    return {
      length,
      kinds: this.kinds,
      phases: this.phases,
      rounds: this.rounds.view(length),
      elapsedMs: this.elapsedMs.view(length),
      cycles: this.cycles.view(length),
      cyclesByOperation: viewsOf(this.operations, length),
      metrics: viewsOf(this.metrics, length),
    };
  }
}

function columnOf(columns: Map<string, Column>, name: string): Column {
  const present = columns.get(name);
  if (present !== undefined) return present;
  const created = new Column();
  columns.set(name, created);
  return created;
}

function viewsOf(columns: Map<string, Column>, length: number): Map<string, Float64Array> {
  return new Map([...columns].map(([name, column]) => [name, column.view(length)]));
}
