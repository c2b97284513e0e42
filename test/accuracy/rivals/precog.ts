import { median } from '../../../harness/analyse/statistics/order-statistics.js';
import { fitted } from './ordinary-least-squares.js';
import type { Rival } from './rival.js';

const windows = 100;
const rSquaredLeast = 0.88;
const shareMin = 0.25;
/** Of days in the original; of run lengths here. */
const horizonRuns = 7;
/** The limit is unknown in a series: as if the last level were the 40 % at which the original starts to alarm. */
const limitOverLevel = 1 / 0.4;

/** Precog (Jindal et al. 2021): lines over trailing windows, the longest that fits; alarm when it reaches the limit soon. */
export const precog: Rival = {
  name: 'Precog',
  source: 'ansjin/memory_leak_detection: trailing windows, R-squared > 0.88, time to limit <= 7 d, level >= 40 %',
  judge: ({ cycles, heapUsed }) => {
    const smooth = heapUsed.map((_, index) => median(heapUsed.slice(Math.max(0, index - 1), index + 2)));
    const count = cycles.length;
    for (let window = 0; window < windows; window += 1) {
      const from = Math.round((window / windows) * count * (1 - shareMin));
      const { slope, rSquared } = fitted(cycles.slice(from), smooth.slice(from));
      if (rSquared <= rSquaredLeast) continue;
      const room = smooth.at(-1)! * (limitOverLevel - 1);
      return slope > 0 && room / slope <= horizonRuns * cycles.at(-1)! ? 'leak' : 'plateau';
    }
    return 'plateau';
  },
};
