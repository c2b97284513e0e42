import { median } from '../../analyse/statistics/order-statistics.js';

/** Rounds with a part before it is decided on, and at most. */
const roundsMin = 2;
const roundsMax = 4;

/**
 * The median growth of rounds, of which more are driven while they lie on both sides of a limit. A step of the heap, as when code
 * is compiled, falls into one of them: 85 B a cycle in one round and 5 B in the three others passed for a leak by their mean.
 * @param drive the growth of one more round; undefined when the time is over
 * @returns 0 where no round could be driven
 */
export async function growthAsked(limit: number, drive: () => Promise<number> | undefined): Promise<number> {
  const rounds: number[] = [];
  while (rounds.length < roundsMax) {
    const growth = await drive();
    if (growth === undefined) break;
    rounds.push(growth);
    const above = rounds.filter((value) => value >= limit).length;
    if (rounds.length >= roundsMin && (above === 0 || above === rounds.length)) break;
  }
  return rounds.length < roundsMin ? 0 : median(rounds);
}
