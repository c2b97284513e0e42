import type { EntryRequest } from '../../model/night-process.js';
import type { RunListener } from '../../model/run-options.js';
import { type EntryOutcome, runInProcess } from './entry-process.js';

export interface EntryAttempt {
  readonly entry: string;
  /** 1-based. */
  readonly attempt: number;
}

/** Nobody had begun it when the time of the night was over. */
export interface Untaken {
  readonly state: 'untaken';
}

export interface EntrySettings {
  /** Of the night. */
  readonly remainingMs: () => number;
  readonly signal: AbortSignal;
  readonly listener: RunListener;
}

/** Where the entries of a night are run: in processes of this machine, or wherever a worker takes them from a queue. */
export interface EntryPlace {
  /** How many may be under way now. */
  atOnce(): number;
  /** Runs an attempt; one that is under way already is waited for. Its run lies in the output directory afterwards. */
  run(request: EntryRequest, attempt: EntryAttempt, settings: EntrySettings): Promise<EntryOutcome | Untaken>;
  /** An attempt of an earlier half of the night goes on, although that half is dead. */
  isKnown(attempt: EntryAttempt): Promise<boolean>;
}

export interface MachineSettings {
  /** The module that runs an entry in a process of its own. */
  readonly worker: string;
  readonly nightId: string;
  readonly targetsAtOnce: number;
}

/** Nothing outlives the process that started it: what was under way is found by its run alone. */
export function thisMachine({ worker, nightId, targetsAtOnce }: MachineSettings): EntryPlace {
  return {
    atOnce: () => targetsAtOnce,
    run: (request, _attempt, settings) => runInProcess(request, { worker, nightId, ...settings }),
    isKnown: () => Promise.resolve(false),
  };
}
