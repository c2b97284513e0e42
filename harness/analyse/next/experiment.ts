import type { MetricValues } from '../../model/agent-protocol.js';
import type { StoredRun } from '../../model/run-log.js';
import type { RunEnd } from '../../model/verdict.js';

/**
 * The next thing to do with a target, to decide what is open. The plans in this folder choose it from what was seen so far;
 * `run/` performs it, stores what it shows, and asks the plan again.
 */
export type Experiment =
  /** A round, of which the floor also counts live objects where `counts` is set. */
  | {
      readonly do: 'drive';
      /** @defaultValue as many as a round has at the time */
      readonly cycles?: number | undefined;
      readonly counts?: boolean;
      /** Nothing else may be under way on the machine: the search for the cause beside it is waited for. */
      readonly alone?: boolean;
      /** The target's clock is moved on by so much first. */
      readonly clockMovesMs?: number;
    }
  /** Rounds last so long from here on: many floors are wanted rather than many cycles. */
  | { readonly do: 'shorten-rounds'; readonly roundMs: number }
  /** The target is left alone, and read after that. `leftMs` is how much of the rest remains, for the display. */
  | { readonly do: 'rest'; readonly forMs: number; readonly leftMs: number }
  /** Counts the live objects of the resting target. */
  | { readonly do: 'count' }
  /** Reads which timers are armed, and what their code names. */
  | { readonly do: 'read-timers' }
  /** Moves the clock of the resting target on, and reads it. */
  | { readonly do: 'move-clock'; readonly byMs: number };

/** Yields experiments; between two of them, the target that it was given has changed. */
export type Plan<Found = void> = Generator<Experiment, Found, void>;

/** What experiments are chosen by. Everything is as of now: a plan reads it again after each experiment. */
export interface ObservedTarget {
  readonly run: StoredRun;
  /** Of all operations. */
  readonly cycles: number;
  /** In the round that was driven last. */
  readonly cyclesPerSecond: number;
  /** Cycles of the next round, unless an experiment names them. */
  readonly cyclesPerRound: number;
  readonly elapsedMs: number;
  /** Until the run must be over; infinite where it takes as long as it needs. */
  readonly leftMs: number;
  readonly lastFloor: MetricValues;
  /** What counting live objects showed of timers; undefined where they cannot be counted. */
  readonly timers: TimerCounts | undefined;
  /** How far its clock was moved on; undefined where that cannot be done. */
  readonly clockMovedMs: number | undefined;
  /** The run was interrupted, or its time is over: no further experiment. */
  readonly isOver: boolean;
  /** Why no further round may be driven. */
  readonly limit: RunEnd | undefined;
}

export interface TimerCounts {
  /** Whether anything may go by itself because a timer fires. */
  readonly hasTimers: boolean;
  /** Time until most of the armed timers have fired. */
  readonly timersDueMs: number | undefined;
  /** Time in which each timer that fires within half a minute has fired. */
  readonly sweepsMs: number;
}

/** Drives so many cycles more, in rounds of which each has its floor. */
export function* driveCycles(
  target: ObservedTarget,
  cycles: number,
  { rounds, ...how }: { readonly rounds: number; readonly alone?: boolean; readonly clockMovesMs?: number },
): Plan {
  const until = target.cycles + Math.ceil(cycles);
  while (target.cycles < until && !target.isOver) yield { do: 'drive', cycles: Math.ceil(cycles / rounds), ...how };
}
