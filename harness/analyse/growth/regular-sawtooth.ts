import type { Points } from '../series/floors.js';
import { clearlyBetter, leastSquares } from '../statistics/least-squares.js';
import { multipleLeastSquares } from '../statistics/multiple-least-squares.js';
import type { Teeth } from './sawtooth.js';

/** Periods and phases that are tried. */
const periods = 61;
const phases = 7;

/**
 * Takes a sawtooth that returns every so many cycles (a buffer that is flushed, a cache that is emptied) out of a series.
 * What is left has a fraction of its noise: a reading no longer depends on how far its tooth had climbed.
 * @returns undefined where the teeth are not regular
 */
export function withoutRegularTeeth({ cycles, values }: Points, { peaks, troughs }: Teeth): Points | undefined {
  const drops = troughs.map((trough, tooth) => steepestDrop(values, peaks[tooth]!, trough));
  if (drops.length < 3) return undefined;
  const usual = (cycles[drops.at(-1)!]! - cycles[drops[0]!]!) / (drops.length - 1);
  let best: { readonly residualSum: number; readonly climb: number; readonly climbed: Float64Array } | undefined;
  for (const { period, start } of candidates(cycles, drops, usual)) {
    const climbed = cycles.map((at) => (at - start) / period - Math.floor((at - start) / period));
    const fit = multipleLeastSquares([cycles, climbed], values);
    if (fit === undefined || fit.residualSum >= (best?.residualSum ?? Number.POSITIVE_INFINITY)) continue;
    best = { residualSum: fit.residualSum, climb: fit.coefficients[1]!, climbed };
  }
  if (best === undefined || best.residualSum * clearlyBetter > leastSquares(cycles, values).residualSum)
    return undefined;
  const { climb, climbed } = best;
  return { cycles, values: values.map((value, index) => value - climb * climbed[index]!) };
}

/** Index of the floor before the largest fall from one floor to the next. */
function steepestDrop(values: Float64Array, peak: number, trough: number): number {
  let steepest = peak;
  for (let index = peak; index < trough; index += 1)
    if (values[index]! - values[index + 1]! > values[steepest]! - values[steepest + 1]!) steepest = index;
  return steepest;
}

/** Periods with their starts by which each drop falls between the floor before it and the floor after it. */
function* candidates(cycles: Float64Array, drops: readonly number[], usual: number) {
  const slack = usual / drops.length;
  for (let step = 0; step < periods; step += 1) {
    const period = usual + slack * ((2 * step) / (periods - 1) - 1);
    let from = Number.NEGATIVE_INFINITY;
    let to = Number.POSITIVE_INFINITY;
    for (const [tooth, drop] of drops.entries()) {
      from = Math.max(from, cycles[drop]! - tooth * period);
      to = Math.min(to, cycles[drop + 1]! - tooth * period);
    }
    for (let phase = 1; from < to && phase <= phases; phase += 1)
      yield { period, start: from + ((to - from) * phase) / (phases + 1) };
  }
}
