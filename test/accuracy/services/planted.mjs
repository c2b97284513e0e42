/** Leaks of a chosen size that a service may have planted: `PLANTED_LEAK` is absent in sound ones. */
export const isLeaking = process.env.PLANTED_LEAK !== undefined;
/** Every so many cycles leak. */
export const everyCycles = Number(process.env.PLANTED_LEAK ?? 1);

/** Whether this cycle leaves something behind. */
export function leaks(cycle) {
  return isLeaking && cycle % everyCycles === 0;
}
