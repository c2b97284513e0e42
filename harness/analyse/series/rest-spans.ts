import type { Tolerance } from '../decide/tolerance.js';
import { around, type Bounded } from '../statistics/combined-intervals.js';
import type { Rest } from './rests.js';

/** Readings at the end of a rest, the lowest of which counts. */
export const lastReadings = 3;

/** What stayed from one rest to the next, a cycle of those driven between them. */
export interface RestSpan {
  readonly cycles: number;
  readonly untilCycles: number;
  readonly slope: Bounded;
  /** A slope up to which it counts as none. */
  readonly passes: number;
  /** More than a runtime grows by itself. */
  readonly condemned: boolean;
}

export function spansOf(rests: readonly Rest[], tolerance: Tolerance): readonly RestSpan[] {
  return rests.slice(1).map((rest, index) => spanOf(rests[index]!, rest, tolerance));
}

function spanOf(before: Rest, after: Rest, tolerance: Tolerance): RestSpan {
  const cycles = after.cycles - before.cycles;
  const estimate = (levelAtRest(after) - levelAtRest(before)) / cycles;
  const noise = tolerance.allowance / cycles;
  // Few cycles between two rests show little: they certify no better than any other short run may.
  const passes = tolerance.explicitBudget
    ? tolerance.budget
    : Math.min(Math.max(tolerance.budget, 2 * noise), tolerance.budgetMax);
  return {
    cycles,
    untilCycles: after.cycles,
    slope: around(estimate, noise),
    passes,
    condemned: estimate - noise > Math.max(tolerance.leakBudget, tolerance.leakAllowance / cycles),
  };
}

/** Late collections lift single readings. */
export function levelAtRest({ values }: Rest): number {
  return Math.min(...values.slice(-lastReadings));
}
