import type { RuleName } from '../../model/rule.js';
import type { Shape } from '../../model/verdict.js';
import { median } from '../statistics/order-statistics.js';
import type { CurveEvidence, JudgedCurve } from './curve-evidence.js';

export interface CurveDecision {
  readonly verdict: 'leak' | 'plateau' | 'inconclusive';
  readonly rule: RuleName;
  readonly shape: Shape;
}

/** Growth that goes on keeps half of its pace; a square root keeps 0.41, whatever fills keeps less. */
const paceMin = 0.5;
/** Growth of which the later half brought so much more is no straight line. */
const paceOfAcceleration = 2;
/** A fall by this share of all that the curve moved gives back what was gathered. */
const fallShareMin = 0.7;

/** What a curve without floors shows; the first rule that answers decides. */
export function decideCurve(curve: JudgedCurve, evidence: CurveEvidence): CurveDecision {
  const { whole, late, lateLow, pace, length, allowance, tolerance, dayAmount } = evidence;
  const growth = whole.low * length;
  const isLevel = whole.high * length <= tolerance && late.low * (length / 2) <= allowance;
  const shape = shapeOf(evidence);
  if (curve.budget !== undefined) return againstBudget(curve.budget, evidence, shape);
  if (growth > allowance && lateLow > 0) {
    if (pace < paceMin) return { verdict: 'inconclusive', rule: 'curve-slows-down', shape: 'decelerating' };
    if (growth <= dayAmount) return { verdict: 'inconclusive', rule: 'curve-may-follow-the-day', shape };
    return { verdict: 'leak', rule: 'curve-grows', shape };
  }
  if (isLevel && growth <= allowance)
    return { verdict: 'plateau', rule: 'curve-stays', shape: whole.high < 0 ? 'falling' : 'flat' };
  if (fallsBack(curve) > 0) return { verdict: 'inconclusive', rule: 'curve-falls-back', shape: 'sawtooth' };
  if (late.low * (length / 2) > allowance)
    return { verdict: 'inconclusive', rule: 'curve-begins-late', shape: 'accelerating' };
  if (growth > allowance) return { verdict: 'inconclusive', rule: 'curve-slows-down', shape: 'decelerating' };
  return { verdict: 'inconclusive', rule: 'curve-unclear', shape: 'noisy' };
}

function againstBudget(budget: number, { whole, late, lateLow }: CurveEvidence, shape: Shape): CurveDecision {
  if (whole.low > budget && lateLow > budget) return { verdict: 'leak', rule: 'curve-grows', shape };
  if (whole.high <= budget && late.estimate <= budget)
    return { verdict: 'plateau', rule: 'curve-within-budget', shape: whole.low > 0 ? shape : 'flat' };
  return { verdict: 'inconclusive', rule: 'curve-unclear', shape: 'noisy' };
}

function shapeOf({ pace }: CurveEvidence): Shape {
  if (pace < paceMin) return 'decelerating';
  return pace > paceOfAcceleration ? 'accelerating' : 'linear';
}

/** Readings before and after a fall whose middle shows that it lasts. */
const readingsAround = 5;

/** How often the curve fell at once, and to stay, by most of what it had moved; falls at a known restart do not count. */
export function fallsBack({ readings: { positions, values }, restarts }: JudgedCurve): number {
  const known = new Set(restarts);
  const range = Math.max(...values) - Math.min(...values);
  let falls = 0;
  for (let row = 1; row < values.length; row += 1) {
    if (values[row - 1]! - values[row]! <= fallShareMin * range || known.has(positions[row]!)) continue;
    const before = median(values.subarray(Math.max(0, row - readingsAround), row));
    const after = median(values.subarray(row, row + readingsAround));
    if (before - after > fallShareMin * range) falls += 1;
  }
  return falls;
}
