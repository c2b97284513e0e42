export interface Slope {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export type Point = readonly [cycles: number, value: number];

/** Student's t at 97.5 % for 1, 2, 3, ... degrees of freedom; 1.96 beyond. */
const studentT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145];

/**
 * Least-squares slope of values over cycles with its two-sided 95 % interval.
 * @returns undefined for fewer than three points, or when all lie at the same cycle
 */
export function slopeOf(points: readonly Point[]): Slope | undefined {
  const count = points.length;
  if (count < 3) return undefined;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return undefined;
  const estimate = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const residuals = points.reduce((sum, [x, y]) => sum + (y - meanY - estimate * (x - meanX)) ** 2, 0);
  const margin = (studentT[count - 3] ?? 1.96) * Math.sqrt(residuals / (count - 2) / spread);
  return { estimate, low: estimate - margin, high: estimate + margin };
}

/**
 * The values keep growing: the slope is above zero beyond doubt, and the second half of the points does not fall far
 * behind the first, as it does for what fills up.
 */
export function keepsGrowing(points: readonly Point[]): boolean {
  const whole = slopeOf(points);
  if (whole === undefined || whole.low <= 0) return false;
  const middle = Math.floor(points.length / 2);
  const early = meanSlope(points.slice(0, middle + 1));
  const late = meanSlope(points.slice(middle));
  return late >= early * shareOfEarlyGrowthMin;
}

const shareOfEarlyGrowthMin = 0.35;

function meanSlope(points: readonly Point[]): number {
  const [first, last] = [points[0]!, points.at(-1)!];
  return last[0] === first[0] ? 0 : (last[1] - first[1]) / (last[0] - first[0]);
}

/** Rates this close are the same. */
const rateTolerance = 0.15;

export function haveSimilarSize(one: number, other: number): boolean {
  return Math.abs(one - other) <= rateTolerance * Math.max(one, other);
}

export function addSlopes(one: Slope, other: Slope): Slope {
  return { estimate: one.estimate + other.estimate, low: one.low + other.low, high: one.high + other.high };
}
