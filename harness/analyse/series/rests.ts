import type { SampleTable } from '../../model/sample.js';

/** One metric over a stretch of rest: no cycle was driven while time went by. */
export interface Rest {
  readonly cycles: number;
  /** Until the last reading, since driving ended. */
  readonly durationMs: number;
  /** Its readings, the first taken as soon as the target had settled. */
  readonly values: readonly number[];
  /** When they were taken, since driving ended. */
  readonly atMs: readonly number[];
}

/** The rests among the first `rowCount` rows in which a metric was read, since it was measured last. */
export function restsOf(table: SampleTable, values: Float64Array, rowCount: number): readonly Rest[] {
  let rests: { cycles: number; durationMs: number; values: number[]; atMs: number[] }[] = [];
  let drivenUntilMs = 0;
  for (let row = 0; row < rowCount; row += 1) {
    if (table.kinds[row] !== 'floor') continue;
    if (table.phases[row] !== 'rest') {
      drivenUntilMs = table.elapsedMs[row]!;
      if (table.phases[row] === 'measure') rests = [];
      continue;
    }
    if (!Number.isFinite(values[row])) continue;
    const cycles = table.cycles[row]!;
    const sinceMs = table.elapsedMs[row]! - drivenUntilMs;
    if (rests.at(-1)?.cycles !== cycles) rests.push({ cycles, durationMs: 0, values: [], atMs: [] });
    const rest = rests.at(-1)!;
    rest.values.push(values[row]!);
    rest.atMs.push(sinceMs);
    rest.durationMs = sinceMs;
  }
  return rests;
}
