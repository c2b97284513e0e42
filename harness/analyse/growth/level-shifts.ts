import type { Points } from '../series/floors.js';
import { farOut, median, robustDeviation } from '../statistics/order-statistics.js';

/** A level that changed once. */
export interface LevelShift {
  readonly atCycles: number;
  readonly height: number;
}

interface FoundShift extends LevelShift {
  readonly index: number;
}

/** Shifts that a window may have taken out; more of them are a trend. */
const shiftsMax = 2;
/** Among fewer floors, what is usual cannot be distinguished from what is not. */
const floorsMin = 10;

/**
 * Increments that stand far out of the others: a level that changed once is no slope.
 * A drop that takes back much of what grew is a sawtooth's, and stays: without it the teeth would read as steady growth.
 */
export function levelShifts(floors: Points, shiftMin: number): readonly FoundShift[] {
  const count = floors.cycles.length;
  const rates = new Float64Array(Math.max(0, count - 1));
  for (let index = 1; index < count; index += 1) {
    const span = floors.cycles[index]! - floors.cycles[index - 1]!;
    rates[index - 1] = span > 0 ? (floors.values[index]! - floors.values[index - 1]!) / span : 0;
  }
  const usual = median(rates);
  const spread = robustDeviation(rates);
  const shifts: FoundShift[] = [];
  rates.forEach((rate, position) => {
    const index = position + 1;
    const height = (rate - usual) * (floors.cycles[index]! - floors.cycles[index - 1]!);
    if (Math.abs(rate - usual) > farOut * spread && Math.abs(height) > shiftMin)
      shifts.push({ index, atCycles: floors.cycles[index]!, height });
  });
  if (shifts.length > shiftsMax || count < floorsMin) return [];
  const growth = usual * (floors.cycles[count - 1]! - floors.cycles[0]!);
  return shifts.some(({ height }) => height < 0 && -height > growth / 3 && growth > shiftMin) ? [] : shifts;
}

export function withoutShifts(floors: Points, shifts: readonly FoundShift[]): Float64Array {
  const levelled = Float64Array.from(floors.values);
  for (const shift of shifts)
    for (let index = shift.index; index < levelled.length; index += 1) levelled[index]! -= shift.height;
  return levelled;
}
