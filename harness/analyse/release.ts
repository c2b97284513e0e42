import type { SampleTable } from '../model/sample.js';
import type { Decision } from './decision.js';
import { afterManyCycles } from './fill.js';
import type { FloorSeries } from './floors.js';
import { type GrowthAtRest, growthAtRest } from './growth-by-time.js';
import { levelAtRest, spansOf } from './rest-spans.js';
import type { Rest } from './rests.js';
import type { Yardstick } from './yardstick.js';

/** Part of its growth that a metric must give back at rest, for the growth to be kept for a time and not for good. */
const leastShare = 0.25;
/** Code that is no longer used goes at rest as well: smaller falls of bytes are not told from it. */
const leastBytes = 96 * 1024;
const mostShare = 0.5;
const mostBytes = 384 * 1024;
const leastCount = 4;

/**
 * What looks like a leak while it is driven may be kept for a time only: entries with a time to live, requests with a
 * time-out, connections that idle until they are closed. At rest they go by themselves. Then nothing but two rests with
 * cycles between them tells whether something stays for good; so it is where a metric swings too much to be judged.
 */
export function afterRest(decision: Decision, { series, rests, yardstick }: RestedMetric): Decision {
  const [first] = rests;
  if (decision.state === 'plateau' || first === undefined || decision.shape === 'falling') return decision;
  const release = decision.state === 'leak' ? releaseOf(decision, series, first, yardstick) : undefined;
  const spans = spansOf(rests, yardstick);
  const atRest = release === undefined ? growthAtRest(decision, series, first, yardstick) : undefined;
  if (atRest !== undefined) return grownByTime(decision, first, atRest);
  if (decision.state === 'leak' && release === undefined) return afterManyCycles(decision, rests, spans);
  const last = spans.at(-1);
  const waiting =
    release === undefined ? decision : ({ ...decision, state: 'undecided', doubt: 'released', release } as const);
  if (last === undefined) return waiting;
  const {
    doubt: _,
    cyclesToDecide: __,
    ...common
  } = { ...waiting, slope: last.slope, detectionFloor: last.passes + last.noise };
  if (last.slope.high <= last.passes)
    return { ...common, state: 'plateau', shape: release === undefined ? 'flat' : 'saturating', budget: last.passes };
  // Tables that hold more at once than before grow once; a leak grows again.
  if (release !== undefined && spans.length > 1 && spans.slice(-2).every(({ condemned }) => condemned))
    return { ...common, state: 'leak', shape: 'linear' };
  return { ...waiting, cyclesToDecide: last.untilCycles + 2 * last.cycles };
}

/** Time fills a window over the last minute as well, of which it then is full. */
function grownByTime(decision: Decision, rest: Rest, { state, perHour }: GrowthAtRest): Decision {
  const { doubt: _, cyclesToDecide: __, ...common } = decision;
  if (state === 'goes on' || (state === 'unclear' && decision.state === 'leak'))
    return { ...common, state: 'leak', shape: 'linear', perHour };
  if (state === 'unclear') return { ...decision, doubt: 'filling', shape: 'linear', perHour };
  const slope = { estimate: 0, low: 0, high: 0 };
  const fill = { level: rest.values.at(-1)!, atCycles: rest.cycles };
  return { ...common, state: 'plateau', shape: 'saturating', slope, fill };
}

interface RestedMetric {
  readonly series: FloorSeries;
  readonly rests: readonly Rest[];
  readonly yardstick: Yardstick;
}

function releaseOf(
  { slope, warmupFloors }: Decision,
  { cycles, values }: FloorSeries,
  rest: Rest,
  { unit }: Yardstick,
): Decision['release'] {
  const growth = slope.estimate * (cycles.at(-1)! - cycles[warmupFloors]!);
  const level = levelAtRest(rest);
  const sinceDriven = values.at(-1)! - level;
  const atRest = rest.values[0]! - level;
  // The census that comes before disturbs bytes; but what is kept for a moment only goes already while it is taken.
  const released = unit === 'B' && !isMost(sinceDriven, growth) ? atRest : sinceDriven;
  if (released < leastShare * growth || released < (unit === 'B' ? leastBytes : leastCount)) return undefined;
  const settled = rest.values.findIndex((value) => value <= level + released / 20);
  return { share: Math.min(1, released / growth), withinMs: rest.atMs[settled]! };
}

/**
 * Whether most of what a heap grew by was gone when objects were counted. V8 collects before that as it does when memory is
 * short, its caches of compiled scripts too: what then goes was no leak.
 * @param growthPerCycle in B
 */
export function fellInCensus({ metrics, phases, cycles }: SampleTable, growthPerCycle: number): boolean {
  const heap = metrics.get('heapUsed');
  const census = phases.indexOf('census');
  if (heap === undefined || census < 0) return false;
  const before = heap.subarray(0, census).findLast(Number.isFinite) ?? 0;
  const now = heap.findLast(Number.isFinite) ?? 0;
  return isMost(before - now, growthPerCycle * cycles.at(-1)!);
}

/** More than a census takes away by its collections. */
function isMost(releasedBytes: number, growth: number): boolean {
  return releasedBytes >= mostShare * growth && releasedBytes >= mostBytes;
}
