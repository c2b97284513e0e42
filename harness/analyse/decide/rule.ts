import type { RuleName } from '../../model/rule.js';
import { earlyLooks, lookGrowth } from '../next/looks.js';
import type { Decision, Doubt } from './decision.js';
import type { Evidence } from './evidence.js';
import { cyclesToDecide, detectionFloorOf, paceOf } from './slope-evidence.js';

/** One reason to decide. Rules are asked in order; the first that answers decides, and nothing changes its decision. */
export interface Rule<Subject> {
  readonly name: RuleName;
  readonly decide: (subject: Subject) => Decision | undefined;
}

/** Names of rules that are left out, to measure what each is worth. */
let leftOut: ReadonlySet<string> = new Set();

/** Leaves these rules out from now on, and no others; for measuring what they are worth, and for nothing else. */
export function leaveOutRules(names: readonly string[]): void {
  leftOut = new Set(names);
}

export function firstDecision<Subject>(rules: readonly Rule<Subject>[], subject: Subject): Decision | undefined {
  for (const { name, decide } of rules) {
    if (leftOut.has(name)) continue;
    const decision = decide(subject);
    if (decision !== undefined) return decision;
  }
  return undefined;
}

type Own = Pick<Decision, 'state' | 'shape' | 'slope' | 'budget'> & Partial<Decision>;

/** What every decision on a slope says beside its own. */
function decisionBy(name: RuleName, evidence: Evidence, own: Own): Decision {
  const { slopes, rates, metric } = evidence;
  const { trend, whole, late, capped, passes, condemns } = slopes;
  const tallest = [...trend.whole.shifts].sort((a, b) => Math.abs(b.height) - Math.abs(a.height))[0];
  return {
    rule: {
      name,
      // What a reader compares first.
      numbers: {
        cycles: trend.cycles,
        lowWhole: whole.low,
        lowLate: late.low,
        high: capped.high,
        passesBelow: passes,
        leakAbove: condemns,
        pace: paceOf(trend),
        fillCycles: metric.tolerance.fillCycles,
        growth: trend.whole.slope * trend.cycles,
        capacity: metric.tolerance.capacity,
      },
    },
    confidence: 1 - 2 * rates.leak,
    detectionFloor: detectionFloorOf(slopes, condemns),
    floors: trend.whole.floors,
    warmupFloors: trend.from,
    ...(tallest !== undefined && { step: tallest }),
    ...own,
  };
}

/** Width of an interval beside its slope, below which the late window is shown: it is freer of warm-up. */
const narrow = 0.2;

export function leakBy(name: RuleName, evidence: Evidence, added: Partial<Decision> = {}): Decision {
  const { whole, late, passes, condemns, isAccelerating } = evidence.slopes;
  return decisionBy(name, evidence, {
    state: 'leak',
    shape: isAccelerating ? 'accelerating' : 'linear',
    slope: late.high - late.low < narrow * late.estimate ? late : whole,
    budget: Math.min(passes, condemns),
    ...added,
  });
}

export function plateauBy(name: RuleName, evidence: Evidence): Decision {
  const { capped, accountedFor, passes, trend } = evidence.slopes;
  // What the target may grow by anyway is no part of a lasting rate.
  const low = evidence.metric.tolerance.explicitBudget ? capped.low : capped.low - accountedFor;
  const shape = trend.whole.shifts.length > 0 ? 'step' : 'flat';
  return decisionBy(name, evidence, { state: 'plateau', shape, slope: { ...capped, low }, budget: passes });
}

export function undecidedBy(name: RuleName, doubt: Doubt, evidence: Evidence, added: Partial<Decision> = {}): Decision {
  const { slopes, metric } = evidence;
  return decisionBy(name, evidence, {
    state: 'undecided',
    doubt,
    shape: slopes.isSteady ? 'linear' : slopes.isGrowing ? 'decelerating' : 'noisy',
    slope: slopes.late,
    budget: slopes.passes,
    cyclesToDecide: cyclesToDecide(slopes, metric.tolerance),
    ...added,
  });
}

/** Nothing can be said of a slope: there are too few floors, or the cycles do not move. */
export function withoutSlope(name: RuleName, doubt: Doubt, { series, metric }: Evidence): Decision {
  const floors = series.values.length;
  const cycles = series.cycles.at(-1) ?? 0;
  const growth = floors < 2 ? 0 : (metric.last - metric.first) / Math.max(1, cycles - series.cycles[0]!);
  return {
    state: 'undecided',
    rule: { name, numbers: { floors, cycles } },
    doubt,
    shape: 'noisy',
    slope: { estimate: growth, low: growth, high: growth },
    confidence: 0,
    budget: metric.tolerance.budget,
    detectionFloor: undefined,
    floors,
    warmupFloors: 0,
    ...(doubt === 'floors' &&
      cycles > 0 && {
        // However its floors were spread, nothing is decided before the next look.
        cyclesToDecide: Math.ceil(cycles * Math.max(lookGrowth, earlyLooks.first / Math.max(1, floors))),
      }),
  };
}
