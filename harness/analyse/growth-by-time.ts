import type { StoredRun } from '../model/run-log.js';
import type { Decision } from './decision.js';
import { driverOf } from './driver.js';
import { type FloorSeries, sliceSeries } from './floors.js';
import type { JudgedMetric } from './metric-judgement.js';
import type { Rest } from './rests.js';
import type { Yardstick } from './yardstick.js';

/** Part of its pace while driven that growth must keep at rest, to be time's and not the cycles'. */
const leastPaceAtRest = 0.5;
/** What a heap or a count gains at rest for other reasons: late collections, connections that are made anew. */
const leastRise = { bytes: 96 * 1024, count: 8 } as const;
/** A window over the last minute is full after one: whether growth goes on is asked of a rest that lasts. */
const longRestMs = 30_000;
/** Growth in its last quarter that a rest must keep of that in its first half. */
const keptLeast = 0.25;
/** Growth that is told from a warm-up, in shifts that are told from noise. */
const leastShifts = 4;
const millisecondsAnHour = 3_600_000;

/**
 * Growth that time brings is within any budget a cycle once cycles are cheap enough. What surely grows, and clearly by
 * the clock, is judged by how much it grew.
 */
export function byTime(run: StoredRun, { yardstick, series }: JudgedMetric, decision: Decision): Decision {
  const isOpen = decision.state === 'plateau' || decision.doubt === 'noise';
  const grows = isOpen && decision.bound === undefined && decision.slope.low > 0;
  if (!grows || yardstick.explicitBudget) return decision;
  const settled = sliceSeries(series, decision.warmupFloors, series.values.length);
  const grown = settled.values.at(-1)! - settled.values[0]!;
  if (grown < leastShifts * yardstick.smallestShift) return decision;
  const { kind, slope } = driverOf(run, yardstick.metric, settled, decision.confidence);
  if (kind !== 'time' || slope === undefined || slope.low <= 0) return decision;
  const { step: _, ...common } = { ...decision, shape: 'linear', perHour: slope } as const;
  return grown >= yardstick.capacity
    ? { ...common, state: 'leak' }
    : {
        ...common,
        state: 'undecided',
        doubt: 'filling',
        cyclesToDecide: (series.cycles.at(-1)! * yardstick.capacity) / grown,
      };
}

export interface GrowthAtRest {
  /** `unclear` until the rest has lasted; `ended` when the last quarter brought hardly anything. */
  readonly state: 'unclear' | 'goes on' | 'ended';
  readonly perHour: Decision['slope'];
}

/** What grew at rest as it did before, although no cycle was driven; undefined where nothing did. */
export function growthAtRest(
  { slope }: Decision,
  { cycles, elapsedMs, values }: FloorSeries,
  rest: Rest,
  { unit }: Yardstick,
): GrowthAtRest | undefined {
  const counted = unit !== 'B';
  // The census that comes before disturbs bytes.
  const levels = counted ? [values.at(-1)!, ...rest.values] : rest.values;
  const times = counted ? [0, ...rest.atMs] : rest.atMs;
  const noise = counted ? leastRise.count : leastRise.bytes;
  const pacePerMs = (slope.estimate * (cycles.at(-1)! - cycles[0]!)) / (elapsedMs.at(-1)! - elapsedMs[0]!);
  const lastedMs = times.at(-1)! - times[0]!;
  const rise = levels.at(-1)! - levels[0]!;
  if (rise < noise || lastedMs <= 0) return undefined;
  const isAfter = (part: number) => (at: number) => at - times[0]! >= part * lastedMs;
  const middle = times.findIndex(isAfter(0.5));
  const perMs = (from: number, to: number) => (levels[to]! - levels[from]!) / (times[to]! - times[from]!);
  const early = perMs(0, middle);
  if (early < leastPaceAtRest * pacePerMs) return undefined;
  const end = times.length - 1;
  const late = middle === end ? early : perMs(Math.min(end - 1, times.findIndex(isAfter(0.75))), end);
  const [low, estimate, high] = [rise - noise, rise, rise + noise].map(
    (amount) => (amount / lastedMs) * millisecondsAnHour,
  ) as [number, number, number];
  const state = lastedMs < longRestMs ? 'unclear' : late < keptLeast * early ? 'ended' : 'goes on';
  return { state, perHour: { estimate, low, high } };
}
