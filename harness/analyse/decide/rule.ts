import type { RuleName } from '../../model/rule.js';
import type { Decision, Doubt } from './decision.js';
import type { Evidence } from './evidence.js';
import { cyclesToDecide, detectionFloorOf, paceOf, type SlopeEvidence } from './slope-evidence.js';

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

type Rest =
  | 'rule'
  | 'state'
  | 'confidence'
  | 'detectionFloor'
  | 'floors'
  | 'warmupFloors'
  | 'budget'
  | 'shape'
  | 'slope';
type Added = Omit<Decision, Rest> & Partial<Pick<Decision, 'shape' | 'slope' | 'budget'>>;

/** What every decision on a slope says beside its own. */
function common({ slopes, rates }: Evidence) {
  const { trend, condemns } = slopes;
  const tallest = [...trend.whole.shifts].sort((a, b) => Math.abs(b.height) - Math.abs(a.height))[0];
  return {
    confidence: 1 - 2 * rates.leak,
    detectionFloor: detectionFloorOf(slopes, condemns),
    floors: trend.whole.floors,
    warmupFloors: trend.from,
    ...(tallest !== undefined && { step: tallest }),
  };
}

/** Numbers that decide most: what a reader compares first. */
function numbersOf({ slopes, metric }: Evidence): Record<string, number> {
  const { trend, whole, late, capped, passes, condemns } = slopes;
  return {
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
  };
}

export function leakBy(name: RuleName, evidence: Evidence, added: Added = {}): Decision {
  const { slopes } = evidence;
  return {
    state: 'leak',
    rule: { name, numbers: numbersOf(evidence) },
    shape: slopes.isAccelerating ? 'accelerating' : 'linear',
    slope: sharperSlope(slopes),
    budget: Math.min(slopes.passes, slopes.condemns),
    ...common(evidence),
    ...added,
  };
}

/** Width of an interval beside its slope, below which the late window is shown: it is freer of warm-up. */
const narrow = 0.2;

function sharperSlope({ whole, late }: SlopeEvidence): Decision['slope'] {
  return late.high - late.low < narrow * late.estimate ? late : whole;
}

export function plateauBy(name: RuleName, evidence: Evidence, added: Added = {}): Decision {
  const { slopes, metric } = evidence;
  const { capped, accountedFor, passes } = slopes;
  // What the target may grow by anyway is no part of a lasting rate.
  const low = metric.tolerance.explicitBudget ? capped.low : capped.low - accountedFor;
  const shared = common(evidence);
  return {
    state: 'plateau',
    rule: { name, numbers: numbersOf(evidence) },
    shape: 'step' in shared ? 'step' : 'flat',
    slope: { ...capped, low },
    budget: passes,
    ...shared,
    ...added,
  };
}

export function undecidedBy(name: RuleName, doubt: Doubt, evidence: Evidence, added: Added = {}): Decision {
  const { slopes, metric } = evidence;
  return {
    state: 'undecided',
    rule: { name, numbers: numbersOf(evidence) },
    doubt,
    shape: slopes.isSteady ? 'linear' : slopes.isGrowing ? 'decelerating' : 'noisy',
    slope: slopes.late,
    budget: slopes.passes,
    cyclesToDecide: cyclesToDecide(slopes, metric.tolerance),
    ...common(evidence),
    ...added,
  };
}

/** Floors of a run that decides at its first look. */
const usualFloors = 30;

/** Nothing can be said of a slope: there are too few floors, or the cycles do not move. */
export function withoutSlope(name: RuleName, doubt: Doubt, { series, metric }: Evidence): Decision {
  const count = series.values.length;
  const cycles = series.cycles.at(-1) ?? 0;
  const growth =
    count < 2 ? 0 : (series.values[count - 1]! - series.values[0]!) / Math.max(1, cycles - series.cycles[0]!);
  return {
    state: 'undecided',
    rule: { name, numbers: { floors: count, cycles } },
    doubt,
    shape: 'noisy',
    slope: { estimate: growth, low: growth, high: growth },
    confidence: 0,
    budget: metric.tolerance.budget,
    detectionFloor: undefined,
    floors: count,
    warmupFloors: 0,
    ...(doubt === 'floors' && cycles > 0 && { cyclesToDecide: Math.ceil((cycles * usualFloors) / Math.max(1, count)) }),
  };
}
