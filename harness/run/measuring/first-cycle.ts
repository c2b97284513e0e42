/** More than any target is driven at: numbers of two runs never meet. */
const cyclesPerSecondMax = 100_000;

/**
 * Number of the first cycle against a target that runs already. Keys and sessions of earlier runs may still be there,
 * and what is made anew each cycle must be new to the target.
 * @param startedAt of the run, ISO
 */
export function firstCycleOf(startedAt: string): number {
  return Math.floor(Date.parse(startedAt) / 1_000) * cyclesPerSecondMax;
}
