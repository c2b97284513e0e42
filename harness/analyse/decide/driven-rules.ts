import type { RuleName } from '../../model/rule.js';
import { cyclesToOutgrow } from '../growth/doublings.js';
import { floorsMin } from '../series/floors.js';
import { scaled } from '../statistics/combined-intervals.js';
import { median } from '../statistics/order-statistics.js';
import { recordRunProbability } from '../statistics/record-rule.js';
import type { Decision, Doubt } from './decision.js';
import type { Evidence } from './evidence.js';
import { leakBy, plateauBy, type Rule, undecidedBy, withoutSlope } from './rule.js';
import type { SlopeEvidence } from './slope-evidence.js';

/** What driving the target shows of a metric. The first rule that answers decides; the last one always does. */
export const drivenRules: readonly Rule<Evidence>[] = [
  {
    name: 'unread',
    decide: (evidence) => (evidence.metric.lost ? withoutSlope('unread', 'readings', evidence) : undefined),
  },
  { name: 'within-bound', decide: (evidence) => againstBound(evidence, 'within-bound') },
  { name: 'above-bound', decide: (evidence) => againstBound(evidence, 'above-bound') },
  {
    name: 'cycles-stand-still',
    decide: (evidence) =>
      standsStill(evidence)
        ? { ...withoutSlope('cycles-stand-still', 'still', evidence), slope: { estimate: 0, low: 0, high: 0 } }
        : undefined,
  },
  {
    name: 'too-few-floors',
    decide: (evidence) =>
      evidence.windows === undefined ? withoutSlope('too-few-floors', 'floors', evidence) : undefined,
  },
  { name: 'runs-dry', decide: runsDry },
  {
    name: 'heap-bears-no-objects',
    decide: (evidence) =>
      isLeakBySteadyGrowth(evidence) && comeAndGo(evidence)
        ? { ...leakBy('heap-bears-no-objects', evidence), state: 'undecided', doubt: 'passing' }
        : undefined,
  },
  {
    name: 'steady-growth',
    decide: (evidence) => (isLeakBySteadyGrowth(evidence) ? leakBy('steady-growth', evidence) : undefined),
  },
  {
    // Bytes and objects that grow steadily may be a cache that fills, unless entries that leak are counted beside them.
    name: 'held-by-leaking-entries',
    decide: (evidence) =>
      evidence.slopes.isSteady && evidence.beside.entriesLeak && isHeld(evidence)
        ? leakBy('held-by-leaking-entries', evidence, { shape: 'linear', slope: evidence.slopes.late })
        : undefined,
  },
  { name: 'growth-in-doublings', decide: growthInDoublings },
  { name: 'growth-by-the-clock', decide: growthByTheClock },
  {
    name: 'table-may-double',
    decide: (evidence) => {
      const { isCertified, isInSteps } = evidence.slopes;
      if (!evidence.isOfBytes || !(isCertified || isInSteps)) return undefined;
      const growth = evidence.doublingGrowth;
      return growth && growsInSteps('table-may-double', evidence, growth);
    },
  },
  {
    name: 'certified',
    decide: (evidence) => (isCertified(evidence) ? plateauBy('certified', evidence) : undefined),
  },
  openWhere('may-be-filling', 'filling', ({ isSteady }) => isSteady),
  openWhere('slows-down', 'decelerating', ({ isGrowing }) => isGrowing),
  openWhere('run-too-short', 'short', ({ isShort }) => isShort),
  {
    name: 'grows-in-steps',
    decide: (evidence) =>
      evidence.slopes.isInSteps ? growsInSteps('grows-in-steps', evidence, evidence.slopes.whole) : undefined,
  },
  { name: 'grows-below-budget', decide: growsBelowBudget },
  openWhere('warm-up-may-explain-it', 'warm-up', ({ late, passes }) => late.low > passes),
  openWhere('noise-hides-it', 'noise', () => true),
];

function openWhere(name: RuleName, doubt: Doubt, applies: (slopes: SlopeEvidence) => boolean): Rule<Evidence> {
  return {
    name,
    decide: (evidence) => (applies(evidence.slopes) ? undecidedBy(name, doubt, evidence) : undefined),
  };
}

/** What is full shows it by a doubling of the cycles without a step; what leaks shows it once it is larger than a cache. */
function growsInSteps(name: RuleName, evidence: Evidence, slope: Decision['slope']): Decision {
  const { slopes, metric } = evidence;
  const { tolerance } = metric;
  const outgrown = slope.estimate > tolerance.leakBudget ? cyclesToOutgrow(tolerance, slope.estimate) : 0;
  const cyclesToDecide = Math.max(2 * slopes.trend.cycles, outgrown);
  return undecidedBy(name, 'filling', evidence, { shape: 'linear', slope, cyclesToDecide });
}

function isLeakBySteadyGrowth({ slopes }: Evidence): boolean {
  return slopes.isSteady && slopes.isPastFilling;
}

function isCertified({ slopes }: Evidence): boolean {
  return slopes.isCertified;
}

/** A gauge that may grow up to a bound: its level counts, not its slope. */
function againstBound(evidence: Evidence, name: 'within-bound' | 'above-bound'): Decision | undefined {
  const { metric, series } = evidence;
  if (metric.gauge?.kind !== 'bounded' || series.values.length < floorsMin) return undefined;
  const { values, cycles } = series;
  const { bound } = metric.gauge;
  const reached = values.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
  const recent = median(values.subarray(Math.floor((values.length * 3) / 4)));
  if (recent > bound !== (name === 'above-bound')) return undefined;
  const slope = (values.at(-1)! - values[0]!) / Math.max(1, cycles.at(-1)! - cycles[0]!);
  return {
    ...withoutSlope(name, 'floors', evidence),
    rule: { name, numbers: { bound, reached, recent } },
    state: name === 'above-bound' ? 'leak' : 'plateau',
    shape: name === 'above-bound' ? 'linear' : 'flat',
    slope: { estimate: slope, low: slope, high: slope },
    confidence: 1,
    budget: 0,
    bound: { most: bound, reached },
    detectionFloor: 0,
    floors: values.length,
  };
}

/** Whether no cycles were driven in the later half of the floors. */
function standsStill({ series: { cycles } }: Evidence): boolean {
  return cycles.length >= floorsMin && cycles[cycles.length >> 1] === cycles.at(-1);
}

/** A pool that shrinks steadily runs dry however small it is. */
const fallMin = 4;
/** Of values that could stand in any order, a run of new lows as long as this one is this seldom. */
const seldom = 1e-4;

/** A gauge is a level: it may neither grow nor run dry. */
function runsDry(evidence: Evidence): Decision | undefined {
  if (evidence.metric.gauge?.kind !== 'level' || evidence.slopes.late.estimate >= 0) return undefined;
  const mirrored = evidence.mirrored(fallMin);
  const dried = recordRunProbability(beforeDry(mirrored.series.values)) < seldom;
  if (!isLeakBySteadyGrowth(mirrored) && !dried) return undefined;
  const falling = leakBy('runs-dry', mirrored);
  return { ...falling, shape: 'falling', slope: scaled(falling.slope, -1) };
}

/** The part of a series before it first stood at its lowest and stayed there. */
function beforeDry(values: Float64Array): Float64Array {
  const lowest = values.at(-1)!;
  let end = values.length;
  while (end > 1 && values[end - 2] === lowest) end -= 1;
  return values.subarray(0, end);
}

/** No number of cycles decides it: only a budget of the user lets lasting growth pass. */
function growsBelowBudget(evidence: Evidence): Decision | undefined {
  const { isBelowBudget, capped } = evidence.slopes;
  if (!isBelowBudget) return undefined;
  const { cyclesToDecide: _, ...decision } = undecidedBy('grows-below-budget', 'below', evidence, { slope: capped });
  return decision;
}

/** Half of what the smallest object of V8 takes. */
const objectBytesMin = 12;

/**
 * Objects are counted for a moment only, between two visits of a sweeper perhaps. Where the heap is certified to grow by
 * less than they would take over all of the run, they come and go.
 */
function comeAndGo({ metric, slopes, beside }: Evidence): boolean {
  const { heapBytesPerCycleMax } = beside;
  if (!metric.isOfObjects || heapBytesPerCycleMax === undefined) return false;
  return heapBytesPerCycleMax < objectBytesMin * slopes.whole.low;
}

function isHeld({ metric, isOfBytes }: Evidence): boolean {
  return isOfBytes || metric.isOfObjects;
}

function growthInDoublings(evidence: Evidence): Decision | undefined {
  const { slopes, isOfBytes, metric } = evidence;
  if (!isOfBytes || (isCertified(evidence) && evidence.doublingGrowth === undefined)) return undefined;
  const slope = evidence.steadyDoublings;
  if (slope === undefined || slope.low <= Math.max(metric.tolerance.leakBudget, slopes.passes)) return undefined;
  const { step: _, ...decision } = leakBy('growth-in-doublings', evidence, { shape: 'linear', slope });
  return { ...decision, budget: slopes.passes };
}

/** Of the capacity, growth by the clock that is more than a warm-up: 256 KiB of a heap, where sound services creep by up to 110. */
const shareOfCapacityMin = 1 / 16;

/**
 * Growth that time brings is within any budget a cycle once cycles are cheap enough. What surely grows, and clearly by
 * the clock, is judged by how much it grew.
 */
function growthByTheClock(evidence: Evidence): Decision | undefined {
  const { metric, slopes, series } = evidence;
  const { tolerance } = metric;
  const isOpen = isCertified(evidence) || !(slopes.isGrowing || slopes.isShort);
  const slopeLow = isCertified(evidence) ? slopes.capped.low : slopes.late.low;
  if (!isOpen || slopeLow <= 0 || tolerance.explicitBudget) return undefined;
  const { settled } = evidence;
  const grown = settled.values.at(-1)! - settled.values[0]!;
  if (grown < shareOfCapacityMin * tolerance.capacity) return undefined;
  const { kind, slope } = evidence.driver;
  if (kind !== 'time' || slope === undefined || slope.low <= 0) return undefined;
  const added = { shape: 'linear', perHour: slope } as const;
  if (grown >= tolerance.capacity) return leakBy('growth-by-the-clock', evidence, added);
  const cyclesToDecide = (series.cycles.at(-1)! * tolerance.capacity) / grown;
  return undecidedBy('growth-by-the-clock', 'filling', evidence, { ...added, cyclesToDecide });
}
