import type { SampleTable } from '../model/sample.js';
import { drivenFloors, rowsOf } from './floors.js';

/** Floors at which the first looks are taken. */
const earlyLooks = [30, 40, 50, 60] as const;
/** Later looks follow each other by this factor in cycles, so that their number grows with the logarithm of the run. */
const lookGrowth = 1.4;

/**
 * When a run is looked at: after 30, 40, 50 and 60 floors, then each time the cycles have grown by 1.4.
 * A pure function of the samples, so that a stored run is judged at the same moments as the running one.
 * @returns for each look the number of rows of the table that it sees, ascending
 */
export function lookSchedule(table: SampleTable): readonly number[] {
  const rows = rowsOf(table, drivenFloors);
  const looks: number[] = [];
  let cyclesSeen = 0;
  rows.forEach((row, index) => {
    const floors = index + 1;
    const cycles = table.cycles[row]!;
    const due =
      floors <= earlyLooks.at(-1)! ? earlyLooks.some((look) => look === floors) : cycles >= cyclesSeen * lookGrowth;
    if (!due) return;
    cyclesSeen = cycles;
    looks.push(row + 1);
  });
  return looks;
}
