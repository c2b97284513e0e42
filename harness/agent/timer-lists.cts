/** Node's own lists of armed timers: one a duration, of every kind (`setTimeout`, sockets, `AbortSignal.timeout`). */

import inspector from 'node:inspector';
import { clearTimeout, setTimeout } from 'node:timers';
import { ClosureReader } from './closure-reader.cjs';

/** A `Timeout` of Node; times are those of libuv's loop, in ms. */
export interface ArmedTimer {
  _idleNext: ArmedTimer | TimerList;
  _idleStart: number;
  readonly _idleTimeout: number;
  readonly _repeat: number | null;
  readonly _onTimeout: ((...values: unknown[]) => unknown) | null;
}

/** The timers of one duration, in the order in which they are due. */
export interface TimerList {
  _idleNext: ArmedTimer | TimerList;
  /** When the first of them is due. */
  expiry: number;
  readonly msecs: number;
}

export type TimerLists = Readonly<Record<string, TimerList>>;

let found: TimerLists | undefined;

/**
 * They are a variable of a module of Node's own, which its inspector shows in the scope of `Timeout.prototype.refresh`.
 * @throws {Error} on a Node that keeps its timers otherwise
 */
export function findTimerLists(): TimerLists {
  if (found !== undefined) return found;
  const session = new inspector.Session();
  session.connect();
  try {
    const probe = armProbe();
    const { refresh } = Object.getPrototypeOf(probe) as NodeJS.Timeout;
    const scopes = new ClosureReader(session).scopesOf(refresh);
    const lists = scopes.map(({ timerListMap }) => timerListMap as TimerLists | undefined).find(Boolean);
    if (lists === undefined || typeof Object.values(lists)[0]?.expiry !== 'number')
      throw new Error(`Node ${process.version} does not keep its timers in lists that can be read`);
    clearTimeout(probe);
    found = lists;
    return lists;
  } finally {
    session.disconnect();
  }
}

/** There is one list at least while it is armed. */
function armProbe(): NodeJS.Timeout {
  return setTimeout(() => undefined, 1_000_000).unref();
}

/** The time of libuv's loop, ms. */
export function loopNow(): number {
  const probe = armProbe();
  const { _idleStart: now } = probe as unknown as ArmedTimer;
  clearTimeout(probe);
  return now;
}

export function* timersOf(list: TimerList): Generator<ArmedTimer> {
  for (let item = list._idleNext; item !== list; item = item._idleNext) yield item as ArmedTimer;
}
