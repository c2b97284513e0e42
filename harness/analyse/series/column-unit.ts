/** Growth that hides in the rounding of a column is distinguished from none only where it is no more than this. */
const most = { bytes: 32 * 1024, bytesPerCycle: 8 } as const;
const decimalsMax = 3;

/** Step in bytes that values were rounded to, where growth above the budget of a heap would hide in it; else undefined. */
export function coarseRounding(values: ArrayLike<number>, unitBytes: number, cycles: number): number | undefined {
  // Where nothing was driven, that is all there is to report.
  if (!(cycles > 0)) return undefined;
  const fits = (decimals: number) =>
    Array.from(values).every((value) => {
      const scaled = value * 10 ** decimals;
      return !Number.isFinite(value) || Math.abs(scaled - Math.round(scaled)) < 1e-6;
    });
  let decimals = 0;
  while (decimals <= decimalsMax && !fits(decimals)) decimals += 1;
  const step = unitBytes / 10 ** decimals;
  return step > most.bytes && step > most.bytesPerCycle * cycles ? step : undefined;
}
