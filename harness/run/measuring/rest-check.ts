import { fellInCensus } from '../../analyse/decide/at-rest.js';
import { judge } from '../../analyse/judge.js';
import { pendingReleaseOf } from '../../analyse/series/pending-timers.js';
import { metricDefinition } from '../../model/metric.js';
import type { Finding } from '../../model/run-record.js';
import type { Clock } from '../../platform/clock.js';
import { isCountable, isOnlyCounted } from './census-rounds.js';
import { cheapCycles } from './cheap-cycles.js';
import { moveClockOn, type SeenGoing } from './clock-jumps.js';
import type { ObjectCounter } from './object-counter.js';
import type { TimerReader } from './pending-timers.js';
import type { Recorder } from './recorder.js';
import type { Measurement } from './rounds.js';
import type { TargetClock } from './target-clock.js';

/** What is kept for up to so long begins to go within the first rest; once it does, the rest lasts until it has gone. */
const usualKeepMs = 10_500;
const restMsMin = 2_000;
const usualRestMs = 6_000;
/** Between two looks at what grows at rest, and how many there are: the last one is over a minute after the target's start. */
const growingRestMs = 15_000;
const growingRests = 5;
/** While something still goes, and until timers that are known have fired. */
const restMsMax = 65_000;
const pollMs = 400;
/** A fall by this part of the growth since the reading before is a release that goes on. */
const fallingShare = 0.01;
const fallingBytes = 32 * 1024;
/** Rounds between two rests. */
const reloadRounds = 6;
const roundsToFill = 2;
const usualReloads = 3;
/** Enough to show a leak of some bytes a cycle, and what is driven in some seconds, unless that takes too long. */
const reloadCyclesMin = 10_000;
const reloadMs = 10_000;
const reloadMsMax = 30_000;
/** A shorter run ends without a verdict because it was short. */
const longEnoughMs = 8_000;

export interface RestCheckParts {
  readonly measurement: Pick<
    Measurement,
    'round' | 'floor' | 'countAtRest' | 'lastFloor' | 'cyclesPerSecond' | 'elapsedMs'
  >;
  readonly recorder: Pick<Recorder, 'soFar' | 'cycles' | 'elapsedMs'>;
  readonly counter: ObjectCounter | undefined;
  /** Reads which timers may take away what grew; absent where they cannot be read. */
  readonly timers?: TimerReader | undefined;
  /** Rests that may follow the first one. @defaultValue 3 */
  readonly reloadsMax?: number;
  readonly isBrief?: boolean | undefined;
  /** Moves the target's own clock on; absent where it cannot be. */
  readonly targetClock?: TargetClock | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Notified after each reading of the resting target, and with `undefined` when the rest is over. */
  readonly onRest: (leftMs: number | undefined) => void;
  /** Awaited before cycles are driven again. */
  readonly beforeReload: () => Promise<void>;
}

/**
 * Lets a target that seems to leak rest, and sees whether time alone gives back what it kept: a time to live, a time-out,
 * an idle connection. Where it does, cycles are driven between two rests, and only what stays from one to the other counts.
 * So they are, and many of them, where they are cheap: what only fills up comes to a level.
 */
export async function checkRest(parts: RestCheckParts): Promise<void> {
  const { measurement, recorder, reloadsMax = usualReloads, isBrief } = parts;
  const doubtful = doubtfulOf(parts);
  if (doubtful.length === 0) return;
  const letsGo = mayLetGo(parts, doubtful);
  const manyCycles = cheapCycles(doubtful, measurement, recorder.cycles, isBrief);
  if (!letsGo && manyCycles === undefined) return;
  await parts.timers?.read();
  const firstMs = await rest(parts, doubtful, letsGo ? firstRestMs(parts, doubtful) : 0);
  if (letsGo && (await restWhileGrowing(parts, doubtful))) return;
  const stateInRealTime = stateOf(parts, doubtful);
  const targetClock = letsGo && stateInRealTime !== 'decided' ? parts.targetClock : undefined;
  // What real time did not take away is asked of the target's own time alone.
  const restMs = targetClock !== undefined && stateInRealTime === 'leak' ? 0 : firstMs;
  let seen: SeenGoing | undefined;
  const moveOn = async () => {
    if (targetClock === undefined) return;
    seen = (await moveClockOn(targetClock, parts, doubtful, seen)) ?? seen;
    await countAtRest(parts);
  };
  await moveOn();
  const cyclesPerMs = measurement.cyclesPerSecond / 1_000;
  const usualCycles = Math.min(
    recorder.cycles,
    cyclesPerMs * reloadMsMax,
    Math.max(reloadCyclesMin, cyclesPerMs * reloadMs),
  );
  for (let reload = 0; reload < reloadsMax; reload += 1) {
    const state = stateOf(parts, doubtful);
    const fills = manyCycles !== undefined && (state === 'filling' || (state === 'leak' && reload === 0));
    if (state === 'decided' || (state === 'leak' && !fills)) return;
    if (fills) {
      await drive(parts, manyCycles, roundsToFill);
      await rest(parts, doubtful, 0);
      await moveOn();
      continue;
    }
    await parts.beforeReload();
    // Always as many: tables keep room for the most that was ever held at once.
    await drive(parts, usualCycles, reloadRounds);
    await rest(parts, doubtful, restMs);
    await moveOn();
  }
}

async function countAtRest({ measurement, counter }: RestCheckParts): Promise<void> {
  if (counter !== undefined && isCountable(measurement)) await measurement.countAtRest(() => counter.count());
}

/**
 * What grows by the clock is given a minute at rest: a window over the last one is full by then.
 * @returns whether something does
 */
async function restWhileGrowing(parts: RestCheckParts, doubtful: readonly Finding[]): Promise<boolean> {
  const { recorder, clock, signal } = parts;
  const growsByTime = () =>
    judge(recorder.soFar()).findings.some(
      ({ verdict, driver }) => driver === 'time' && (verdict === 'leak' || verdict === 'inconclusive'),
    );
  if (!growsByTime()) return false;
  const startedMs = clock.monotonicMs();
  while (!signal.aborted && growsByTime() && clock.monotonicMs() - startedMs < growingRests * growingRestMs)
    await rest(parts, doubtful, growingRestMs);
  return true;
}

/** What goes by a timer has gone after the rest, unless it is kept longer than for the timer's interval. */
function firstRestMs(
  { measurement, recorder, counter, targetClock }: RestCheckParts,
  doubtful: readonly Finding[],
): number {
  const seenMs = doubtful.every(({ metric }) => isOnlyCounted(metric))
    ? measurement.elapsedMs - firstCountMs(recorder)
    : measurement.elapsedMs;
  const usualMs = Math.min(usualRestMs, Math.max(restMsMin, usualKeepMs - seenMs));
  const timersDueMs = doubtful.some(({ metric }) => metric === 'timers') ? (counter?.timersDueMs ?? 0) : 0;
  const run = recorder.soFar();
  const dueMs = Math.max(timersDueMs, pendingReleaseOf(run, run.samples.length)?.dueMs ?? 0);
  if (targetClock !== undefined) return usualMs;
  const sweepsMs = counter?.sweepsMs ?? 0;
  const sweptMs = sweepsMs + Math.max(0, sweepsMs - seenMs);
  return Math.min(restMsMax, Math.max(usualMs, sweptMs + pollMs, dueMs < restMsMax ? dueMs + pollMs : 0));
}

function firstCountMs(recorder: RestCheckParts['recorder']): number {
  const { samples } = recorder.soFar();
  const row = samples.phases.indexOf('census');
  return row < 0 ? 0 : samples.elapsedMs[row]!;
}

/** What seems to leak; and what swings too much to be judged, where nothing else decides and the run was long enough to try. */
function doubtfulOf({ recorder, signal }: RestCheckParts): readonly Finding[] {
  if (signal.aborted) return [];
  const { verdict: ofRun, findings } = judge(recorder.soFar());
  const leaks = findings.filter(({ verdict, shape }) => verdict === 'leak' && shape !== 'falling');
  if (ofRun !== 'inconclusive' || recorder.elapsedMs < longEnoughMs) return leaks;
  return findings.filter(({ verdict, axis }) => verdict === 'inconclusive' && axis === 'cycle');
}

type RestState = 'decided' | 'leak' | 'filling' | 'released';

/** What the rests so far make of what seemed to leak; `filling` where some of it has slowed down. */
function stateOf({ recorder, signal }: RestCheckParts, doubtful: readonly Finding[]): RestState {
  if (signal.aborted) return 'decided';
  const { findings } = judge(recorder.soFar());
  // What a timer may take away later is a leak until it does: so far nothing went.
  const isLeak = ({ verdict, pending }: Finding) => verdict === 'leak' || pending !== undefined;
  const leaks = findings.some(isLeak);
  const open = findings.filter(
    (finding) => finding.verdict === 'inconclusive' && finding.axis === 'cycle' && !isLeak(finding),
  );
  if (open.length === 0) return leaks ? 'leak' : 'decided';
  const isFilling = ({ metric, release }: Finding) =>
    release === undefined && doubtful.some((leak) => leak.verdict === 'leak' && leak.metric === metric);
  if (open.some(isFilling)) return 'filling';
  return leaks ? 'leak' : 'released';
}

/**
 * Without timers a Node target lets nothing go by itself; its sockets may still be closed by the other side. What swings
 * comes to rest in any case, and so does what the census made go.
 */
function mayLetGo({ counter, recorder }: RestCheckParts, doubtful: readonly Finding[]): boolean {
  if (counter === undefined || counter.hasTimers) return true;
  const { samples } = recorder.soFar();
  return doubtful.some(
    ({ verdict, metric, slope }) =>
      verdict !== 'leak' ||
      metricDefinition(metric)?.goesByItself === true ||
      (metric === 'heapUsed' && fellInCensus(samples, slope.estimate)),
  );
}

/**
 * Reads the resting target until the time is over and nothing falls any more.
 * @returns how long a rest must be to see the same again
 */
async function rest(parts: RestCheckParts, doubtful: readonly Finding[], restMs: number): Promise<number> {
  const { measurement, counter, clock, signal } = parts;
  const startedMs = clock.monotonicMs();
  const elapsedMs = () => clock.monotonicMs() - startedMs;
  await measurement.floor('rest');
  let before = measurement.lastFloor;
  let untilMs = restMs;
  let fellMs = 0;
  parts.onRest(untilMs);
  while (elapsedMs() < untilMs && !signal.aborted) {
    await clock.wait(Math.min(pollMs, Math.max(0, untilMs - elapsedMs())), signal);
    await measurement.floor('rest');
    const now = measurement.lastFloor;
    // Not everything is read each time.
    const fallOf = (metric: string) => (before[metric] ?? 0) - (now[metric] ?? before[metric] ?? 0);
    // What is counted at the end only is seen to go by the bytes that go with it.
    const falls =
      doubtful.some(({ metric, first, last }) => fallOf(metric) > fallingShare * Math.max(last - first, 1)) ||
      fallOf('heapUsed') > fallingBytes;
    if (falls) {
      fellMs = elapsedMs();
      const nextMs = Math.max(restMs / 2, (counter?.sweepsMs ?? 0) + pollMs);
      untilMs = Math.min(restMsMax, Math.max(untilMs, fellMs + nextMs));
    }
    before = { ...before, ...now };
    parts.onRest(Math.max(0, untilMs - elapsedMs()));
  }
  parts.onRest(undefined);
  await countAtRest(parts);
  const fallingMs = fellMs * 1.25;
  return fellMs === 0 ? restMs : Math.min(restMsMax, Math.max(fallingMs, counter?.sweepsMs ?? 0) + pollMs);
}

/** Drives so many cycles more, in rounds of which each has its floor. */
export async function drive(
  { measurement, recorder, signal }: Pick<RestCheckParts, 'measurement' | 'recorder' | 'signal'>,
  cycles: number,
  rounds: number,
): Promise<void> {
  const until = recorder.cycles + Math.ceil(cycles);
  const roundCycles = Math.ceil(cycles / rounds);
  while (recorder.cycles < until && !signal.aborted) await measurement.round('reload', { cycles: roundCycles });
}
