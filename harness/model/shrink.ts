import type { Interval } from './run-record.js';

/** A part of a scenario, as it is driven: a disturbed operation is one of its own. */
export interface Loop {
  readonly operations: readonly string[];
  /** What all operations draw their inputs from. */
  readonly inputs: 'all' | readonly number[];
  readonly concurrency: number;
}

/** How a loop was seen to grow. */
export interface Trial {
  readonly loop: Loop;
  /** `same`: as fast as the run, or faster; `less`: not even half as fast, or undecided when the time was over. */
  readonly state: 'same' | 'less';
  readonly slope?: Interval;
  readonly runId: string;
  readonly cycles: number;
  readonly elapsedMs: number;
}

export interface ShrinkResult {
  readonly schemaVersion: 1;
  /** Of the run that was shrunk. */
  readonly run: string;
  readonly scenario: string;
  /** `smallest`: nothing can be left out; `smaller`: the time was over before all was tried; `unshown`: see the reason. */
  readonly outcome: 'smallest' | 'smaller' | 'unshown';
  /** One sentence. */
  readonly reason: string;
  readonly metric: string;
  readonly rate: Interval;
  /** Whose cycles the rate is counted on; absent: those of all operations. */
  readonly operation?: string;
  readonly whole: Loop;
  readonly inputs: number | 'fresh';
  readonly loop: Loop;
  /** Of the loop, judged in full. */
  readonly confirmed?: { readonly runId: string; readonly slope: Interval };
  readonly trials: readonly Trial[];
  readonly elapsedMs: number;
  readonly seed: number;
  /** The module that was written, absolute. */
  readonly module?: string;
}
