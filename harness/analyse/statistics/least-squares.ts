/** A fitted straight line. */
export interface Line {
  readonly intercept: number;
  readonly slope: number;
  /** Of the slope, from the residuals. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Sum of squared residuals. */
  readonly residualSum: number;
}

/** Another explanation than a line over the cycles must leave this many times less unexplained. */
export const clearlyBetter = 4;

/**
 * Ordinary least squares of y on x, centred first so that a common offset costs no digits.
 * @returns slope 0 with infinite error where x does not vary or fewer than three points are given
 */
export function leastSquares(x: ArrayLike<number>, y: ArrayLike<number>): Line {
  const count = x.length;
  let meanX = 0;
  let meanY = 0;
  for (let index = 0; index < count; index += 1) {
    meanX += x[index]! / count;
    meanY += y[index]! / count;
  }
  let sxx = 0;
  let sxy = 0;
  for (let index = 0; index < count; index += 1) {
    const dx = x[index]! - meanX;
    sxx += dx * dx;
    sxy += dx * (y[index]! - meanY);
  }
  const slope = sxx > 0 ? sxy / sxx : 0;
  let residualSum = 0;
  for (let index = 0; index < count; index += 1) residualSum += (y[index]! - meanY - slope * (x[index]! - meanX)) ** 2;
  const degreesOfFreedom = count - 2;
  const solvable = sxx > 0 && degreesOfFreedom > 0;
  return {
    intercept: meanY - slope * meanX,
    slope,
    standardError: solvable ? Math.sqrt(residualSum / degreesOfFreedom / sxx) : Number.POSITIVE_INFINITY,
    degreesOfFreedom: Math.max(0, degreesOfFreedom),
    residualSum,
  };
}
