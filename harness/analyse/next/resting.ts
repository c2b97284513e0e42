import { isLeakingGrowth } from '../../model/finding.js';
import { metricDefinition } from '../../model/metric.js';
import type { Finding } from '../../model/run-record.js';
import { fellInCensus } from '../decide/at-rest.js';
import { judge } from '../judge.js';
import { floorWithoutCode } from '../series/compiled-code.js';
import { armedDueMs, pendingReleaseOf } from '../series/pending-timers.js';
import { isCountable, isOnlyCounted } from './census-rounds.js';
import type { ObservedTarget, Plan } from './experiment.js';

type Floor = ObservedTarget['lastFloor'];

/** What is kept for up to so long begins to go within the first rest; once it does, the rest lasts until it has gone. */
const usualKeepMs = 10_500;
const usualRestMs = 6_000;
/**
 * What is kept for half a minute begins to go within a later rest, where no timer of the target is known. The search for the cause
 * beside it takes as long: 100,000 cycles of a service in Go were driven after 23 s, its cause was known after 34 s.
 */
const longKeepMs = 32_000;
/**
 * So often each connection of the load is used at rest, unless that were more than this part of its pace. Servers close what was
 * idle for 5 s (Node, uvicorn, Apache), and clients of Node up to 2 s before that.
 */
const idleMsMax = 2_000;
const paceAtRestMax = 0.25;
/** While something still goes, and until timers that are known have fired. */
export const restMsMax = 65_000;
const pollMs = 400;
/** A backlog that waits for others, without a timer, falls already within so long. */
export const glanceMs = 2 * pollMs;
/** What went within a time is seen to go in so many times that time. */
export const restMargin = 1.25;
/** A fall by this part of the growth since the last one is a release that goes on, however many readings it takes. */
const fallingShare = 0.01;
/** In 11 of 172 rests of leaks in Node a heap fell by so much. A queue that keeps its array until half of it is done loses 10 KB/s. */
const fallingBytes = 16 * 1024;

/** How often connections are used while the target rests: one cycle for each of `concurrency`. */
export function usesEveryMs(concurrency: number, cyclesPerSecond: number): number {
  return Math.max(idleMsMax, (concurrency * 1_000) / (paceAtRestMax * Math.max(cyclesPerSecond, 1)));
}

/** A rest in which connections are used once: what goes only when somebody asks for it goes then. */
function restWithUseMs({ run, cyclesPerSecond }: ObservedTarget): number {
  return Math.min(usualRestMs, usesEveryMs(run.manifest.parameters.concurrency, cyclesPerSecond) + pollMs);
}

/** A rest after many more cycles, in which what is kept for longer than was driven before the first one begins to go. */
export function laterRestMs(target: ObservedTarget): number {
  const keptMs = target.timers === undefined ? longKeepMs - target.elapsedMs : 0;
  return Math.max(restWithUseMs(target), keptMs);
}

/**
 * Reads the resting target until the time is over and nothing falls any more.
 * @returns how long a rest must be to see the same again; undefined where the time of the run ended before
 */
export function* rest(target: ObservedTarget, doubtful: readonly Finding[], restMs: number): Plan<number | undefined> {
  const startedMs = target.elapsedMs;
  const elapsedMs = () => target.elapsedMs - startedMs;
  let untilMs = restMs;
  let fellMs = 0;
  yield { do: 'rest', forMs: 0, leftMs: untilMs };
  let now = floorWithoutCode(target.lastFloor);
  let atLastFall = now;
  while (elapsedMs() < untilMs && !target.isOver) {
    const leftMs = untilMs - elapsedMs();
    const forMs = Math.min(pollMs, leftMs);
    const [cyclesBefore, before] = [target.cycles, now];
    yield { do: 'rest', forMs, leftMs: leftMs - forMs };
    // What V8 had compiled for a request is thrown away at rest: 160 KiB of a server of ten lines.
    now = floorWithoutCode(target.lastFloor);
    if (target.cycles > cyclesBefore) atLastFall = liftedByUse(atLastFall, before, now);
    if (falls(doubtful, atLastFall, now)) {
      atLastFall = lowestOf(atLastFall, now);
      fellMs = elapsedMs();
      const nextMs = Math.max(restMs / 2, sweepsMsOf(target) + pollMs, restWithUseMs(target));
      untilMs = Math.min(restMsMax, Math.max(untilMs, fellMs + nextMs));
    }
  }
  const isWhole = elapsedMs() >= untilMs;
  yield* countAtRest(target);
  if (!isWhole) return undefined;
  const fallingMs = restMargin * fellMs;
  return fellMs === 0 ? restMs : Math.min(restMsMax, Math.max(fallingMs, sweepsMsOf(target)) + pollMs);
}

/**
 * Reads the resting target until the time is over, whatever falls meanwhile.
 * @returns false where the time of the run ended before
 */
export function* restFor(target: ObservedTarget, ms: number): Plan<boolean> {
  const untilMs = target.elapsedMs + ms;
  while (!target.isOver && target.elapsedMs < untilMs) {
    const leftMs = untilMs - target.elapsedMs;
    const forMs = Math.min(pollMs, leftMs);
    yield { do: 'rest', forMs, leftMs: leftMs - forMs };
  }
  const isWhole = target.elapsedMs >= untilMs;
  if (isWhole) yield* countAtRest(target);
  return isWhole;
}

/** Whatever swings at rest comes back to where it was; not everything is read each time. */
function lowestOf(lowest: Floor, now: Floor): Floor {
  const falling = Object.entries(now).filter(([metric, value]) => value < (lowest[metric] ?? Number.POSITIVE_INFINITY));
  return { ...lowest, ...Object.fromEntries(falling) };
}

/** What the use of connections brings hides no fall: a heap rose by 22 KB when five of them were used. */
function liftedByUse(level: Floor, before: Floor, now: Floor): Floor {
  const rise = (now.heapUsed ?? 0) - (before.heapUsed ?? now.heapUsed ?? 0);
  return level.heapUsed === undefined || rise <= 0 ? level : { ...level, heapUsed: level.heapUsed + rise };
}

/** What is counted at the end only is seen to go by the bytes that go with it. */
function falls(doubtful: readonly Finding[], before: Floor, now: Floor): boolean {
  const fallOf = (metric: string) => (before[metric] ?? 0) - (now[metric] ?? before[metric] ?? 0);
  return (
    doubtful.some(({ metric, first, last }) => fallOf(metric) > fallingShare * Math.max(last - first, 1)) ||
    fallOf('heapUsed') > fallingBytes
  );
}

/** Where the target's clock can be moved on, that is how its sweeps are waited for. */
function sweepsMsOf({ timers, clockMovedMs }: ObservedTarget): number {
  return clockMovedMs === undefined ? (timers?.sweepsMs ?? 0) : 0;
}

/** Counts what no floor at rest shows. */
export function* countAtRest(target: ObservedTarget): Plan {
  if (isCountable(target)) yield { do: 'count' };
}

/** What grows in these goes when its timer fires: those that keep the loop alive are handles too. */
const ofTimers: ReadonlySet<string> = new Set(['timers', 'handles.Timeout']);

/** What goes by a timer has gone after the rest, unless it is kept longer than for the timer's interval. */
function firstRestMs(target: ObservedTarget, doubtful: readonly Finding[]): number {
  const { run, timers } = target;
  const onlyCounted = doubtful.every(({ metric }) => isOnlyCounted(metric));
  const seenMs = target.elapsedMs - (onlyCounted ? firstCountMs(target) : 0);
  const usualMs = Math.min(usualRestMs, Math.max(restWithUseMs(target), usualKeepMs - seenMs));
  if (target.clockMovedMs !== undefined) return usualMs;
  // A heap that is too large to be counted shows its timers all the same.
  const armedMs = timers?.timersDueMs ?? armedDueMs(run, restMsMax);
  const timersDueMs = doubtful.some(({ metric }) => ofTimers.has(metric)) ? armedMs : 0;
  const dueMs = Math.max(timersDueMs, pendingReleaseOf(run, run.samples.length)?.dueMs ?? 0);
  const sweepsMs = sweepsMsOf(target);
  const sweptMs = sweepsMs + Math.max(0, sweepsMs - seenMs);
  return Math.min(restMsMax, Math.max(usualMs, sweptMs + pollMs, dueMs < restMsMax ? dueMs + pollMs : 0));
}

/** Timers that fire may arm others, which are known only then: a session that is silent has a time to answer. */
const furtherRestsMax = 2;

/**
 * The first rest: until what is due has gone, and the timers that those which fired have armed.
 * @returns how long a rest must be to see the same again; undefined where the time of the run ended before
 */
export function* firstRest(target: ObservedTarget, doubtful: readonly Finding[]): Plan<number | undefined> {
  let seenMs = 0;
  let restMs = firstRestMs(target, doubtful);
  for (let further = 0; further <= furtherRestsMax; further += 1) {
    const sameMs = yield* rest(target, doubtful, restMs);
    if (sameMs === undefined) return undefined;
    seenMs += sameMs;
    const dueMs = keepsTimers(target) ? (target.timers?.timersDueMs ?? 0) : 0;
    if (dueMs <= 0 || seenMs + dueMs >= restMsMax) break;
    restMs = dueMs + pollMs;
  }
  return Math.min(restMsMax, seenMs);
}

function keepsTimers({ run, clockMovedMs }: ObservedTarget): boolean {
  if (clockMovedMs !== undefined) return false;
  return judge(run).findings.some((finding) => isLeakingGrowth(finding) && ofTimers.has(finding.metric));
}

function firstCountMs({ run: { samples } }: ObservedTarget): number {
  const row = samples.phases.indexOf('census');
  return row < 0 ? 0 : samples.elapsedMs[row]!;
}

/**
 * Without timers a Node target lets nothing go by itself; its sockets may still be closed by the other side. What swings
 * comes to rest in any case, and so does what the census made go.
 */
export function mayLetGo({ timers, run: { samples } }: ObservedTarget, doubtful: readonly Finding[]): boolean {
  if (timers === undefined || timers.hasTimers) return true;
  return doubtful.some(
    ({ verdict, metric, slope }) =>
      verdict !== 'leak' ||
      metricDefinition(metric)?.goesByItself === true ||
      (metric === 'heapUsed' && fellInCensus(samples, slope.estimate)),
  );
}
