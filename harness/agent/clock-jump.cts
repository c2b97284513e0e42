/** Moves the target's time on while it rests: its clocks, and every timer of Node, which then fires when it is due. */
import { setImmediate, setTimeout } from 'node:timers';
import type { ClockJump, ClockJumped } from '../model/agent-protocol.js' with { 'resolution-mode': 'import' };
import { type ArmedTimer, findTimerLists, loopNow, type TimerList, type TimerLists, timersOf } from './timer-lists.cjs';
import type { VirtualClocks } from './virtual-clocks.cjs';

/** A jump is made in so many steps at most; timers that are due within the same step fire together, in their order. */
const stepsMax = 240;
/** What a timer began goes on by answers of others, for which real time must go by. */
const pausesMax = 25;
/** Turns of the loop in which an answer over a loopback connection comes, with some to spare. */
const calmTurns = 6;

/** One jump at a time; resolves when what was due has fired and what that began has come to rest. */
export async function jump(clocks: VirtualClocks, { byMs }: ClockJump): Promise<ClockJumped> {
  const lists = findTimerLists();
  const stepMsMin = Math.ceil(byMs / stepsMax);
  const firedByMs: Record<string, number> = {};
  for (let leftMs = byMs; leftMs > 0; ) {
    const stepMs = Math.min(leftMs, Math.max(stepMsMin, untilNextMs(lists)));
    clocks.moveOn(stepMs);
    shift(lists, stepMs);
    leftMs -= stepMs;
    if (untilNextMs(lists) > 0) continue;
    countDue(lists, firedByMs);
    await letFire(lists);
  }
  // Times that were computed before the last step may be due now.
  await letFire(lists);
  return { movedMs: clocks.offsetMs, firedByMs };
}

/** Until the next timer is due; infinite where none is armed. */
function untilNextMs(lists: TimerLists): number {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const list of Object.values(lists)) nextMs = Math.min(nextMs, dueMs(list));
  return nextMs - loopNow();
}

function dueMs(list: TimerList): number {
  const first = list._idleNext;
  return first === list ? Number.POSITIVE_INFINITY : (first as ArmedTimer)._idleStart + list.msecs;
}

function countDue(lists: TimerLists, firedByMs: Record<string, number>): void {
  const now = loopNow();
  for (const list of Object.values(lists))
    for (const timer of timersOf(list)) {
      // The timers of a list are due in its order.
      if (timer._idleStart + list.msecs > now) break;
      firedByMs[list.msecs] = (firedByMs[list.msecs] ?? 0) + 1;
    }
}

/** As if all had been armed earlier: durations stay, and so does the order in which Node looks at its lists. */
function shift(lists: TimerLists, byMs: number): void {
  for (const list of Object.values(lists)) {
    list.expiry -= byMs;
    for (const timer of timersOf(list)) timer._idleStart -= byMs;
  }
}

/** Lets due timers fire, and what they began come to rest: nothing was begun where as much is under way as before. */
async function letFire(lists: TimerLists): Promise<void> {
  const underWay = () => process.getActiveResourcesInfo().length;
  const atFirst = underWay();
  let before = -1;
  let calm = 0;
  for (let pause = 0; pause < pausesMax; pause += 1) {
    await turnOfLoop(lists);
    const now = underWay();
    calm = now === before ? calm + 1 : 0;
    if (calm >= (now === atFirst ? 1 : calmTurns)) return;
    before = now;
  }
}

/** Node looks at its lists when the first one that it knows of is due; one of a new duration makes it look at all. */
function turnOfLoop(lists: TimerLists): Promise<void> {
  let unusedMs = 1;
  while (String(unusedMs) in lists) unusedMs += 1;
  return new Promise((resolve) => void setTimeout(() => setImmediate(() => setImmediate(resolve)), unusedMs));
}
