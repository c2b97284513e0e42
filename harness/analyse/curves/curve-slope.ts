import { around } from '../statistics/combined-intervals.js';
import { studentQuantile } from '../statistics/student-t.js';
import type { CurveLevel } from './curve-levels.js';

/** One slope of all spans, each with a height of its own. */
export interface CurveSlope {
  readonly estimate: number;
  /** Of the slope; noise that lasts from level to level widens it. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Difference between the first and the last position of the longest span. */
  readonly length: number;
}

/** Lasting noise of which more cannot be distinguished from a walk. */
const persistenceMax = 0.95;
const degreesMin = 2;

/**
 * Slope of levels over their positions. Neighbouring levels of a curve resemble each other, so a plain regression is far too
 * sure of itself: its error is widened by the persistence of the residuals, which is corrected for its bias in short series.
 */
export function slopeOfLevels(levels: readonly CurveLevel[]): CurveSlope | undefined {
  const spans = groupBySpan(levels);
  const degrees = levels.length - spans.length - 1;
  if (degrees < degreesMin) return undefined;
  const centred = spans.map(centredSpan);
  const sum = (of: (at: number, value: number) => number) =>
    centred.reduce((all, { at, value }) => all + at.reduce((part, x, index) => part + of(x, value[index]!), 0), 0);
  const squares = sum((at) => at * at);
  if (!(squares > 0)) return undefined;
  const estimate = sum((at, value) => at * value) / squares;
  const residuals = centred.map(({ at, value }) => value.map((level, index) => level - estimate * at[index]!));
  const residualSum = residuals.flat().reduce((all, residual) => all + residual * residual, 0);
  const widening = inflation(persistenceOf(residuals, residualSum));
  return {
    estimate,
    standardError: Math.sqrt((residualSum / degrees / squares) * widening),
    degreesOfFreedom: Math.max(degreesMin, levels.length / widening - spans.length - 1),
    length: Math.max(...spans.map((span) => span.at(-1)!.at - span[0]!.at)),
  };
}

/** One-sided bounds at an error rate of `alpha` each. */
export function boundsOf({ estimate, standardError, degreesOfFreedom }: CurveSlope, alpha: number) {
  const reach = studentQuantile(1 - alpha, degreesOfFreedom) * standardError;
  return around(estimate, reach);
}

/** Levels of one half of each span. */
export function halfOf(levels: readonly CurveLevel[], half: 'early' | 'late'): CurveLevel[] {
  return groupBySpan(levels).flatMap((span) => {
    const middle = span.length >> 1;
    return half === 'early' ? span.slice(0, middle) : span.slice(middle);
  });
}

export function groupBySpan(levels: readonly CurveLevel[]): CurveLevel[][] {
  const spans = new Map<number, CurveLevel[]>();
  for (const level of levels) spans.set(level.span, [...(spans.get(level.span) ?? []), level]);
  return [...spans.values()];
}

function centredSpan(span: readonly CurveLevel[]): { readonly at: number[]; readonly value: number[] } {
  const meanAt = span.reduce((sum, { at }) => sum + at, 0) / span.length;
  const meanValue = span.reduce((sum, { value }) => sum + value, 0) / span.length;
  return { at: span.map(({ at }) => at - meanAt), value: span.map(({ value }) => value - meanValue) };
}

/** Correlation of each residual with the one before it, corrected as for a line that was fitted (Kendall 1954). */
function persistenceOf(residuals: readonly (readonly number[])[], residualSum: number): number {
  if (!(residualSum > 0)) return 0;
  let products = 0;
  let count = 0;
  for (const span of residuals)
    for (const [index, residual] of span.entries()) {
      count += 1;
      if (index > 0) products += residual * span[index - 1]!;
    }
  const correlation = products / residualSum;
  return Math.min(persistenceMax, Math.max(0, correlation + (2 + 4 * correlation) / count));
}

function inflation(persistence: number): number {
  return (1 + persistence) / (1 - persistence);
}
