import type { Sample, SampleKind, SamplePhase, SampleTable } from './sample.js';

class Column {
  values = new Float64Array(64).fill(Number.NaN);

  set(row: number, value: number): void {
    if (row >= this.values.length) {
      const grown = new Float64Array(this.values.length * 2).fill(Number.NaN);
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
    const row = this.length;
    this.length += 1;
    this.kinds.push(sample.kind);
    this.phases.push(sample.phase);
    this.rounds.set(row, sample.round);
    this.elapsedMs.set(row, sample.elapsedMs);
    this.cycles.set(row, sample.cycles);
    for (const [name, value] of Object.entries(sample.cyclesByOperation))
      columnOf(this.operations, name).set(row, value);
    for (const [name, value] of Object.entries(sample.values)) columnOf(this.metrics, name).set(row, value);
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
