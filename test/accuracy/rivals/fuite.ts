import type { Rival } from './rival.js';

/** fuite 5: objects that grew by a positive multiple of the iterations; it does not look at bytes alone. */
export const fuite: Rival = {
  name: 'fuite',
  source: 'fuite 5.0.8: countDelta % iterations === 0 && countDelta > 0, after one throwaway iteration',
  judge: ({ cycles, objects }) => {
    if (objects === undefined) return 'inconclusive';
    const iterations = cycles.at(-1)! - cycles[1]!;
    const delta = objects.at(-1)! - objects[1]!;
    return delta > 0 && delta % iterations === 0 ? 'leak' : 'plateau';
  },
};
