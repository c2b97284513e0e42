import type { ComparisonWord } from '../../model/comparison.js';
import type { FindingVerdict } from '../../model/verdict.js';
import { type Bounded, differenceOf, ratioOf } from '../statistics/combined-intervals.js';
import type { Growth } from './growth.js';

/** What one run alone says of a metric, and the largest slope that it lets pass. */
export interface OwnJudgement {
  readonly verdict: FindingVerdict;
  readonly budget: number;
}

export interface GrowthComparison {
  readonly word: ComparisonWord;
  readonly before: Bounded;
  readonly after: Bounded;
  readonly difference: Bounded;
  readonly threshold: number;
  readonly removed?: Bounded;
  /** How many times as long runs like these would decide. */
  readonly longer?: number;
}

/** Of a leak that is still there, a change by less than this share is how heaps and tables differ from run to run. */
const shareMin = 0.05;
/** Between two leaks, a difference that is known to be smaller than this share is none. */
const sameShare = 0.2;
/** No runs are asked to be longer than this many times. */
const mostLonger = 64;

/** One word for two growths. Shown changes need both windows of the cycles, as a leak does. */
export function compareGrowth(before: Growth & OwnJudgement, after: Growth & OwnJudgement): GrowthComparison {
  const whole = differenceOf(before.whole, after.whole);
  const late = differenceOf(before.late, after.late);
  const narrower = late.high - late.low < whole.high - whole.low ? 'late' : 'whole';
  const shown = { low: Math.min(whole.low, late.low), high: Math.max(whole.high, late.high) };
  const difference = narrower === 'late' ? late : whole;
  const leaked = before.verdict === 'leak';
  const least = Math.max(before.allowance, after.allowance);
  const threshold = leaked ? Math.max(least, shareMin * before[narrower].estimate) : least;
  const margin = leaked ? Math.max(threshold, sameShare * before[narrower].estimate) : threshold;
  const evidence = {
    more: shown.low > threshold,
    less: shown.high < -threshold,
    lessAtAll: shown.high < 0,
    same: difference.low > -margin && difference.high < margin,
  };
  const word = wordFor(before, after, evidence);
  const share = leaked ? ratioOf(after[narrower], before[narrower]) : undefined;
  return {
    word,
    before: before[narrower],
    after: after[narrower],
    difference,
    threshold,
    ...(share && { removed: { estimate: 1 - share.estimate, low: 1 - share.high, high: 1 - share.low } }),
    ...(word === 'cannot tell' && { longer: timesLonger(difference, threshold, margin) }),
  };
}

interface Evidence {
  readonly more: boolean;
  readonly less: boolean;
  readonly lessAtAll: boolean;
  readonly same: boolean;
}

function wordFor(before: Growth & OwnJudgement, after: Growth & OwnJudgement, evidence: Evidence): ComparisonWord {
  if (after.verdict === 'plateau') {
    // A budget that a short run had to widen certifies nothing against a leak below it.
    const excludes = after.budget < Math.max(before.whole.low, before.late.low);
    if (before.verdict === 'leak' && evidence.lessAtAll && excludes) return 'fixed';
    if (before.verdict === 'plateau') return 'unchanged';
    return generalWord({ ...evidence, more: false });
  }
  if (after.verdict === 'leak' && before.verdict === 'plateau') return evidence.more ? 'new leak' : 'cannot tell';
  return generalWord(evidence);
}

function generalWord({ more, less, same }: Evidence): ComparisonWord {
  if (more) return 'worse';
  if (less) return 'improved';
  return same ? 'unchanged' : 'cannot tell';
}

/** Noise weighs less as cycles^-1.5. */
function timesLonger({ estimate, low, high }: Bounded, threshold: number, margin: number): number {
  const reach = (high - low) / 2;
  const room = Math.max(Math.abs(estimate) - threshold, margin - Math.abs(estimate), margin / 16);
  if (!Number.isFinite(reach)) return 2;
  return Math.min(mostLonger, Math.max(1.4, (reach / room) ** (2 / 3)));
}
