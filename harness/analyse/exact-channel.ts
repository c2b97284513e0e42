import { type ErrorRates, tooFewFloors } from './byte-channel.js';
import type { Decision } from './decision.js';
import { type FloorSeries, indexAtCycles, sliceSeries } from './floors.js';
import { leastSquares } from './statistics/least-squares.js';
import { median, robustDeviation } from './statistics/order-statistics.js';
import { studentQuantile } from './statistics/student-t.js';
import { blockFloors } from './trend.js';
import type { Yardstick } from './yardstick.js';

const leastFloors = 6;
const keptLeast = 0.7;

/** Judges a series of whole numbers at one look: hardly any noise, so few floors are enough. */
export function decideCounts(series: FloorSeries, yardstick: Yardstick, rates: ErrorRates): Decision {
  const count = series.cycles.length;
  if (count < leastFloors) return tooFewFloors(series, yardstick);
  const cycles = series.cycles[count - 1]!;
  const quarter = Math.min(indexAtCycles(series, cycles / 4), count - 5);
  const half = Math.min(indexAtCycles(series, cycles / 2), count - 3);
  const settled = sliceSeries(series, quarter, count);
  const floors = blockFloors(settled, Math.min(16, settled.cycles.length));
  const line = leastSquares(floors.cycles, floors.values);
  const span = settled.cycles.at(-1)! - settled.cycles[0]!;
  const noise = robustDeviation(increments(settled.values));
  const allowance = Math.max(yardstick.boundedGrowth, 4 * noise);
  const budget = yardstick.explicitBudget ? yardstick.budget : Math.max(yardstick.budget, allowance / span);
  // One count of rounding at either end is what even a perfect line may be off by.
  const rounding = 1 / span;
  const reach = studentQuantile(1 - rates.leak, line.degreesOfFreedom) * line.standardError + rounding;
  const cap = studentQuantile(1 - rates.plateau, line.degreesOfFreedom) * line.standardError + 3 / span;
  const early = growthPerCycle(series, quarter, half);
  const late = growthPerCycle(series, half, count - 1);
  const slope = { estimate: line.slope, low: line.slope - reach, high: line.slope + reach };
  const growing = slope.low > budget && late > budget;
  const steady = growing && late >= keptLeast * early;
  const common = {
    slope,
    confidence: 1 - 2 * rates.leak,
    budget,
    detectionFloor: budget + 2 * reach,
    floors: settled.values.length,
    warmupFloors: quarter,
  };
  const growth = line.slope * cycles;
  if (steady && (cycles >= yardstick.fillCycles || growth >= yardstick.capacity))
    return { state: 'leak', shape: late > 1.5 * early ? 'accelerating' : 'linear', ...common };
  if (line.slope + cap < budget) return { state: 'plateau', shape: 'flat', ...common };
  return {
    state: 'undecided',
    doubt: steady ? 'filling' : growing ? 'decelerating' : 'noise',
    shape: steady ? 'linear' : growing ? 'decelerating' : 'noisy',
    cyclesToDecide: Math.ceil(2 * cycles),
    ...common,
  };
}

function increments(values: Float64Array): Float64Array {
  return values.slice(1).map((value, index) => value - values[index]!);
}

/** Growth between two places of a series, each the median of three floors. */
function growthPerCycle(series: FloorSeries, from: number, to: number): number {
  const span = series.cycles[to]! - series.cycles[from]!;
  return span > 0 ? (levelAt(series, to) - levelAt(series, from)) / span : 0;
}

function levelAt(series: FloorSeries, index: number): number {
  return median(series.values.subarray(Math.max(0, index - 1), index + 2));
}
