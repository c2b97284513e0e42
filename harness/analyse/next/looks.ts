import type { SampleTable } from '../../model/sample.js';
import { floorsMin } from '../series/floors.js';

/** Floors at which the first looks are taken, and between two of them. */
export const earlyLooks = { first: 30, last: 60, each: 10 } as const;
/** Later looks follow each other by this factor in cycles, so that their number grows with the logarithm of the run. */
export const lookGrowth = 1.3;

/**
 * When a run is looked at: after 30, 40, 50 and 60 measured floors, then each time the cycles have grown by 1.3,
 * and at every floor of the census, which comes last and has few. A pure function of the samples.
 * @returns for each look the number of rows of the table that it sees, ascending
 */
export function lookSchedule(table: SampleTable, rowCount = table.length): readonly number[] {
  const looks: number[] = [];
  let floors = 0;
  let cyclesSeen = 0;
  for (let row = 0; row < rowCount; row += 1) {
    if (table.kinds[row] !== 'floor') continue;
    const phase = table.phases[row];
    if (phase === 'census') {
      looks.push(row + 1);
      continue;
    }
    if (phase !== 'measure') continue;
    floors += 1;
    const cycles = table.cycles[row]!;
    const isEarly = floors >= earlyLooks.first && floors % earlyLooks.each === 0;
    if (floors <= earlyLooks.last ? !isEarly : cycles < cyclesSeen * lookGrowth) continue;
    cyclesSeen = cycles;
    looks.push(row + 1);
  }
  return looks;
}

/**
 * How often a metric was tested: at each look that brought a new floor of it, once there were enough to show a slope. A look
 * without one sees what the look before saw, and spends no error.
 * @param looks of `lookSchedule`
 * @param rows of the table in which the metric was read
 */
export function testsAmong(looks: readonly number[], rows: Uint32Array): number {
  let tests = 0;
  let floors = 0;
  let floorsTested = floorsMin - 1;
  for (const rowCount of looks) {
    while (floors < rows.length && rows[floors]! < rowCount) floors += 1;
    if (floors <= floorsTested) continue;
    tests += 1;
    floorsTested = floors;
  }
  return tests;
}
