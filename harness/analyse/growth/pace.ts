/**
 * Part of the growth of the earlier half that steady growth keeps in the later one, also from one doubling of the cycles to
 * the next and from one rest to the next: a line keeps 1, a square root 0.7, a filling cache less.
 */
export const paceMin = 0.75;
/** Growth that keeps more than this has only just begun: a step, or a longer run will show. */
export const paceMax = 4;

/** Whether growth kept its pace from one stretch to the next. */
export function isSamePace(before: number, now: number): boolean {
  const pace = now / before;
  return pace >= paceMin && pace <= paceMax;
}
