import { isLeakingGrowth } from '../../model/finding.js';
import type { Finding } from '../../model/run-record.js';
import { msPerDay } from '../../model/units.js';
import { isPagesMetric, memoryManagementOf } from '../decide/judged-metrics.js';
import { judge } from '../judge.js';
import { cheapCycles } from './cheap-cycles.js';
import { clockMsPerRound, moveClockOn, type SeenGoing } from './clock-jumps.js';
import { driveCycles, type ObservedTarget, type Plan } from './experiment.js';
import { countAtRest, firstRest, glanceMs, laterRestMs, mayLetGo, rest } from './resting.js';

/** Between two looks at what grows at rest, and how many there are: the last one is over a minute after the target's start. */
const growingRestMs = 15_000;
const growingRests = 5;
/** Rounds between two rests. */
export const reloadRounds = 6;
/** So often the clock moves on, between rounds, in the time for which something is kept: three times that goes by in all. */
const roundsPerLife = 2;
const roundsToFill = 2;
const usualReloads = 3;
/** Enough to show a leak of some bytes a cycle, and what is driven in some seconds, unless that takes too long. */
const reloadCyclesMin = 10_000;
const reloadMs = 10_000;
const reloadMsMax = 30_000;
/** A shorter run ends without a verdict because it was short. */
const longEnoughMs = 8_000;

export interface RestCheckOptions {
  /** Rests that may follow the first one. @defaultValue 3 */
  readonly reloadsMax?: number;
  readonly isBrief?: boolean | undefined;
}

/**
 * Lets a target that seems to leak rest, and sees whether time alone gives back what it kept: a time to live, a time-out,
 * an idle connection. Where it does, cycles are driven between two rests, and only what stays from one to the other counts.
 * Where cycles are cheap, many more of them are driven: what only fills up comes to a level.
 * @returns false where the time of the run ended before all of that was seen
 */
export function* checkRest(
  target: ObservedTarget,
  { reloadsMax = usualReloads, isBrief = false }: RestCheckOptions = {},
): Plan<boolean> {
  if (target.isOver) return false;
  const doubtful = doubtfulOf(target);
  if (doubtful.length === 0) return true;
  const letsGo = mayLetGo(target, doubtful);
  const readsLimits = target.run.manifest.visibility === 'node';
  const manyCycles = cheapCycles(doubtful, target, { readsLimits, pagesBytesPerCycle: pagesGrowth(target), isBrief });
  yield { do: 'read-timers' };
  const firstMs = letsGo ? yield* firstRest(target, doubtful) : yield* rest(target, doubtful, glanceMs);
  if (firstMs === undefined) return false;
  if (letsGo && (yield* restWhileGrowing(target, doubtful))) return !target.isOver;
  const stateInRealTime = stateOf(target, doubtful);
  const movesClock = letsGo && target.clockMovedMs !== undefined && stateInRealTime !== 'decided';
  // What real time did not take away is asked of the target's own time alone.
  let restMs = movesClock && stateInRealTime === 'leak' ? 0 : firstMs;
  let seen = movesClock ? yield* moveOn(target, doubtful, undefined) : undefined;
  if (movesClock && target.isOver) return false;
  const usualCycles = reloadCycles(target);
  for (let reload = 0; reload < reloadsMax; reload += 1) {
    const state = stateOf(target, doubtful);
    const fills = manyCycles !== undefined && (state === 'filling' || (state === 'leak' && reload === 0));
    if (state === 'decided' || (state === 'leak' && !fills) || isOnlyDraining(target)) return true;
    // Without that, always as many: tables keep room for the most that was ever held at once.
    if (fills) yield* driveCycles(target, manyCycles, { rounds: roundsToFill });
    else yield* driveCycles(target, usualCycles, { rounds: reloadRounds, alone: true, ...clockMovesOf(seen) });
    if (target.isOver) return false;
    const laterMs = letsGo && !movesClock && !isBrief ? laterRestMs(target) : 0;
    const sameMs = yield* rest(target, doubtful, fills && !gaveBack(target) ? laterMs : restMs);
    if (sameMs === undefined) return false;
    restMs = Math.max(restMs, sameMs);
    if (!movesClock) continue;
    seen = yield* moveOn(target, doubtful, seen);
    if (target.isOver) return false;
  }
  return true;
}

function* moveOn(
  target: ObservedTarget,
  doubtful: readonly Finding[],
  seen: SeenGoing | undefined,
): Plan<SeenGoing | undefined> {
  const went = yield* moveClockOn(target, doubtful, seen);
  yield* countAtRest(target);
  return went ?? seen;
}

/** What goes after a time is level once cycles were driven for longer; what goes only where nothing uses it is not. */
function clockMovesOf(seen: SeenGoing | undefined): { readonly clockMovesMs?: number } {
  return seen === undefined ? {} : { clockMovesMs: Math.ceil(seen.untilMs / roundsPerLife) };
}

/** As many cycles between two rests as show a leak of some bytes a cycle. */
export function reloadCycles({ cycles, cyclesPerSecond }: ObservedTarget): number {
  const cyclesPerMs = cyclesPerSecond / 1_000;
  return Math.min(cycles, cyclesPerMs * reloadMsMax, Math.max(reloadCyclesMin, cyclesPerMs * reloadMs));
}

/**
 * What grows by the clock is given a minute at rest, or a day of the clock on which days went by: a window over the last
 * one is full by then.
 * @returns whether no other time is to be asked
 */
function* restWhileGrowing(target: ObservedTarget, doubtful: readonly Finding[]): Plan<boolean> {
  if (!growsByTime(target)) return false;
  if (target.run.manifest.parameters.days !== undefined) {
    yield* restThroughDay(target);
    return false;
  }
  const untilMs = target.elapsedMs + growingRests * growingRestMs;
  while (!target.isOver && growsByTime(target) && target.elapsedMs < untilMs)
    yield* rest(target, doubtful, growingRestMs);
  return true;
}

/** In steps as short as between rounds: what is due by the minute is done as often. */
function* restThroughDay(target: ObservedTarget): Plan {
  for (let passedMs = 0; passedMs < msPerDay && !target.isOver; passedMs += clockMsPerRound)
    yield { do: 'move-clock', byMs: clockMsPerRound };
}

function growsByTime({ run }: ObservedTarget): boolean {
  return judge(run).findings.some(
    ({ verdict, driver }) => driver === 'time' && (verdict === 'leak' || verdict === 'inconclusive'),
  );
}

/**
 * What seems to leak; and what swings too much to be judged, where nothing else decides and the run was long enough to try.
 * A metric that was driven too little to be certified, and never moved, has nothing to give back.
 */
function doubtfulOf({ run, elapsedMs }: ObservedTarget): readonly Finding[] {
  const { verdict: ofRun, findings } = judge(run);
  const leaks = findings.filter((finding) => isLeakingGrowth(finding) && finding.shape !== 'falling');
  if (ofRun !== 'inconclusive' || elapsedMs < longEnoughMs) return leaks;
  return findings.filter(isOpen);
}

function isOpen({ verdict, axis, rule, slope }: Finding): boolean {
  const neverMoved = rule?.name === 'run-too-short' && slope.low === 0 && slope.estimate === 0;
  return verdict === 'inconclusive' && axis === 'cycle' && !neverMoved;
}

/** What the pages surely grow by a cycle, where no collector decides which of them stay. */
function pagesGrowth({ run }: ObservedTarget): number {
  if (memoryManagementOf(run) !== 'manual') return 0;
  const pages = judge(run).findings.filter(({ metric }) => isPagesMetric(metric));
  return Math.max(0, ...pages.map(({ slope }) => slope.low));
}

/** What time gave back once is waited for again: it has come anew with the cycles in between. */
function gaveBack({ run }: ObservedTarget): boolean {
  return judge(run).findings.some(({ release }) => release !== undefined);
}

/** More cycles would make a backlog longer of which a whole rest gave back little. */
function isOnlyDraining({ run }: ObservedTarget): boolean {
  return judge(run).findings.some(
    ({ rule, release }) => rule?.numbers.emptyAfterMs !== undefined && release === undefined,
  );
}

type RestState = 'decided' | 'leak' | 'filling' | 'released';

/** What the rests so far make of what seemed to leak; `filling` where some of it has slowed down. */
function stateOf({ run }: ObservedTarget, doubtful: readonly Finding[]): RestState {
  const { findings } = judge(run);
  // What a timer may take away later is a leak until it does: so far nothing went.
  const isLeak = (finding: Finding) => isLeakingGrowth(finding) || finding.pending !== undefined;
  const leaks = findings.some(isLeak);
  const open = findings.filter((finding) => isOpen(finding) && !isLeak(finding));
  if (open.length === 0) return leaks ? 'leak' : 'decided';
  const isFilling = ({ metric, release }: Finding) =>
    release === undefined && doubtful.some((leak) => leak.verdict === 'leak' && leak.metric === metric);
  if (open.some(isFilling)) return 'filling';
  return leaks ? 'leak' : 'released';
}
