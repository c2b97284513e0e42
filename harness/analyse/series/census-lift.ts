import type { SampleTable } from '../../model/sample.js';

/**
 * Memory of the C library in a Node process without what a census brings: V8 looks through its heap with tables of its own,
 * and keeps 0.3 to 2 MiB from the first census on. The level after a census is joined to the one before, less what the
 * cycles in between brought at the pace of those before.
 */
export function withoutCensusLift(samples: SampleTable, values: Float64Array): Float64Array {
  const joined = values.slice();
  const { phases, cycles } = samples;
  let before = -1;
  let lift = 0;
  for (let row = 0; row < values.length; row += 1) {
    if (phases[row] === 'census' || !Number.isFinite(values[row])) continue;
    const hasCensus = before >= 0 && phases.indexOf('census', before) >= 0 && phases.indexOf('census', before) < row;
    if (hasCensus) {
      const growth = paceBefore(joined, cycles, before) * (cycles[row]! - cycles[before]!);
      lift += Math.max(0, values[row]! - lift - joined[before]! - growth);
    }
    joined[row] = values[row]! - lift;
    before = row;
  }
  return joined;
}

/** Growth a cycle in the later half of what came before; 0 where it fell. */
function paceBefore(values: Float64Array, cycles: Float64Array, row: number): number {
  const half = cycles.findIndex((count, index) => 2 * count >= cycles[row]! && Number.isFinite(values[index]));
  const between = cycles[row]! - (cycles[half] ?? cycles[row]!);
  return between > 0 ? Math.max(0, (values[row]! - values[half]!) / between) : 0;
}
