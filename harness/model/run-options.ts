import type { ScenarioBaselines } from './baseline.js';
import type { FaultShares } from './fault.js';
import type { RunPurpose } from './history.js';
import type { Interval } from './run-record.js';

export type RunStage =
  | 'starting'
  | 'driving'
  | 'settling'
  | 'counting'
  | 'holding'
  | 'resting'
  | 'attributing'
  | 'judging'
  | 'stopping';

/** One metric while a run goes on. */
export interface LiveSeries {
  readonly metric: string;
  readonly unit: string;
  /** Floors so far, oldest first, at most 60. */
  readonly floors: readonly number[];
  /** Present once there are enough floors to estimate it. */
  readonly slope?: Interval;
}

export interface RunProgress {
  readonly scenario: string;
  readonly runId: string;
  readonly stage: RunStage;
  readonly round: number;
  readonly cycles: number;
  readonly failed: number;
  readonly cyclesPerSecond: number;
  readonly elapsedMs: number;
  /** Cycles in all after which a verdict is expected; absent while unknown. */
  readonly cyclesWanted?: number;
  /** How long the target rests still, while it is seen whether what grew goes by itself. */
  readonly restLeftMs?: number;
  readonly undecided: readonly string[];
  readonly series: readonly LiveSeries[];
}

/** Notified of a run while it goes on; never awaited, and an error in it does not end the run. */
export interface RunListener {
  onProgress?(progress: RunProgress): void;
  onWarning?(message: string): void;
}

/** How to run a scenario; everything has a default. */
export interface RunOptions {
  readonly defects?: readonly string[];
  /** What disturbs a part of the cycles, beside what the scenario says itself. */
  readonly faults?: FaultShares;
  /** Mean cycles a round. @defaultValue the scenario's, else sized from the target's speed */
  readonly cycles?: number;
  /** Most rounds. */
  readonly rounds?: number;
  /** Longest time from the start of the target to the verdict: driving, counting, rest and cause. @defaultValue 120 s of driving, and what follows */
  readonly durationMs?: number;
  /** Drives for exactly so long, whatever is decided; counting, rest and cause follow. */
  readonly driveMs?: number;
  /** So many days of the target's clock go by between rounds, whatever is decided; needs `virtualTime`, which it turns on. */
  readonly days?: number;
  /** No cycle for this long means that the target hangs. @defaultValue 20 s */
  readonly stallMs?: number;
  readonly concurrency?: number;
  readonly ratePerSecond?: number;
  /** @defaultValue drawn at random and printed */
  readonly seed?: number;
  /** Largest slope that passes, by metric, in base units a cycle. */
  readonly budgets?: Readonly<Record<string, number>>;
  /** @defaultValue true */
  readonly untilDecided?: boolean;
  /** @defaultValue 0.99 */
  readonly confidence?: number;
  /** @defaultValue `.plateau` in the working directory */
  readonly outDirectory?: string;
  /** Flags of Node for the target: a module of functions, or a script. */
  readonly nodeArguments?: readonly string[];
  /** Adds the interpreter-only pass. @defaultValue false */
  readonly thorough?: boolean;
  /** Moves the target's clock on while it rests, up to a day: what has a time to live goes. @defaultValue what the target says */
  readonly virtualTime?: boolean;
  /** @defaultValue `on-leak` */
  readonly attribution?: 'off' | 'on-leak' | 'always';
  /** Growth that is known: only what is new or worse fails. */
  readonly baseline?: ScenarioBaselines;
  /** Holds objects of each operation alive at the end, so many or as many as show: what a live one costs. */
  readonly footprint?: number | 'auto';
  /** How the run was asked for, for the record. */
  readonly command?: string;
  /** The command that repeats the run. @defaultValue `plateau run` with what the run was given */
  readonly rerun?: (seed: number) => string;
  /** Ends the run early; what was sampled is kept and judged as `interrupted`. */
  readonly signal?: AbortSignal;
  readonly listener?: RunListener;
  /** Trends are drawn of `soak` and `night` alone. @defaultValue `soak` */
  readonly purpose?: RunPurpose;
  /** The night that the run belongs to. */
  readonly night?: string;
  /** What the user wants to find the run by: `{ branch: 'main' }`; in the record, metrics and the history. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Name of its trend beside the scenario's. @defaultValue the defects */
  readonly variant?: string;
}
