import { differences, evenly, longestRun, type Rival } from './rival.js';

const diffs = 6;
const sensitivityBytes = 1024;

/** leakage 0.5: of six heap differences more than two thirds, so five in a row, must be above 1 KiB. */
export const leakage: Rival = {
  name: 'leakage',
  source: 'leakage 0.5.0, `testConstantHeapSize`: longest run of growing diffs > floor(6 * 2 / 3)',
  judge: ({ heapUsed }) => {
    const run = longestRun(differences(evenly(heapUsed, diffs + 1)), (diff) => diff > sensitivityBytes);
    return run > Math.floor((diffs * 2) / 3) ? 'leak' : 'plateau';
  },
};
