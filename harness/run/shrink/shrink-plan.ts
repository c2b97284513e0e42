import type { StoredRun } from '../../model/run-log.js';
import type { RunListener, RunOptions } from '../../model/run-options.js';
import type { Loop, Trial } from '../../model/shrink.js';
import type { DefinedScenario } from './loop.js';

/** Notified of a reduction while it goes on. */
export interface ShrinkListener {
  onLoop?(loop: Loop, purpose: 'trial' | 'narrow' | 'confirm'): void;
  onTrial?(trial: Trial): void;
  readonly run?: RunListener;
}

export interface ShrinkPlan {
  /** Of the scenario, with the faults of the run. */
  readonly source: DefinedScenario;
  /** A run that leaks. */
  readonly run: StoredRun;
  /** @defaultValue what shows with the fewest cycles */
  readonly metric?: string;
  /** How the run was driven, without its faults. */
  readonly options: RunOptions & { readonly signal: AbortSignal };
  /** For the search; what it has come to by then is still judged in full. */
  readonly searchMs: number;
  readonly listener?: ShrinkListener;
}

/** How parts of the scenario are driven. */
export function runOptionsOf({ options, run, listener }: ShrinkPlan): RunOptions {
  // How long it was driven is the search's affair, and its faults are operations by now.
  const { faults, durationMs, driveMs, days, rounds, untilDecided, thorough, footprint, ...kept } = options;
  return {
    ...kept,
    seed: run.manifest.seed,
    purpose: 'shrink',
    attribution: 'off',
    ...(listener?.run && { listener: listener.run }),
  };
}
