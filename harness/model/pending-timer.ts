import type { CodeLocation } from './run-record.js';

/** A collection that the code of a timer names, as it was read. */
export interface NamedCollection {
  /** The variable or member that holds it. */
  readonly name: string;
  readonly entries: number;
  /** Until the latest of the times that its entries hold; absent where they hold none that is still to come. */
  readonly expiresInMs?: number;
}

/** Armed timers of a Node target that call the same function. */
export interface PendingTimer {
  readonly count: number;
  /** Of an interval. */
  readonly everyMs?: number;
  /** Until the first of them fires. */
  readonly dueMs: number;
  /** The longest time that the function compares the clock with, as far as its code shows one. */
  readonly keepsMs?: number;
  readonly collections: readonly NamedCollection[];
}

/** The same with the place of the function. */
export interface LocatedTimer extends PendingTimer {
  /** As it is shown: `server.mjs:12`. */
  readonly place: string;
  readonly location: CodeLocation;
}
