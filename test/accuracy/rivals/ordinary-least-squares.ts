import { leastSquares } from '../../../harness/analyse/statistics/least-squares.js';
import { studentQuantile } from '../../../harness/analyse/statistics/student-t.js';
import type { Rival } from './rival.js';

/** Slope and R-squared of a line through all readings. */
export function fitted(
  cycles: readonly number[],
  values: readonly number[],
): { readonly slope: number; readonly rSquared: number } {
  const { slope, residualSum } = leastSquares(cycles, values);
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const total = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { slope, rSquared: total > 0 ? 1 - residualSum / total : 0 };
}

export const slopePValue: Rival = {
  name: 'OLS p < 0.05',
  source: 'a slope above zero at 5 %, ordinary least squares on all readings',
  judge: ({ cycles, heapUsed }) => {
    const { slope, standardError, degreesOfFreedom } = leastSquares(cycles, heapUsed);
    return slope / standardError > studentQuantile(0.975, degreesOfFreedom) ? 'leak' : 'plateau';
  },
};
