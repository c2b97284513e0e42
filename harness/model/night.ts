import type { News } from './news.js';
import type { OwnerIdentity } from './run-log.js';
import type { CodeLocation, Environment } from './run-record.js';
import type { RunVerdict } from './verdict.js';

/** What a night runs: one scenario in one variant. */
export interface NightEntryPlan {
  /** `scenario`, `scenario@variant`, `scenario + defect`; unique within a suite. */
  readonly name: string;
  readonly scenario: string;
  readonly variant?: string;
  readonly defects: readonly string[];
  /** The least time it gets unless it is decided sooner. */
  readonly minimumMs: number;
  /** From the start of the night, when all before it take their minimum. */
  readonly startsAfterMs: number;
}

export interface NightPlan {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly startedAt: string;
  /** How the night was asked for. */
  readonly command: string;
  readonly environment: Environment;
  /** Of the configuration and of what was selected of it; a night is resumed only by its like. */
  readonly fingerprint: string;
  readonly budgetMs: number;
  readonly targetsAtOnce: number;
  /** `2/4` */
  readonly shard?: string;
  readonly only?: readonly string[];
  readonly canaries: number;
  readonly entries: readonly NightEntryPlan[];
  /** All minimums, with as many targets at once as there may be. */
  readonly minMs: number;
}

/** What happened in a night, in order; `elapsedMs` counts the time that the night was alive. */
export type NightEvent = { readonly at: string; readonly elapsedMs: number } & (
  | { readonly event: 'claimed'; readonly owner: OwnerIdentity }
  | { readonly event: 'built' }
  | { readonly event: 'canary'; readonly outcome: CanaryOutcome }
  | { readonly event: 'started'; readonly entry: string; readonly attempt: number; readonly durationMs: number }
  | {
      readonly event: 'finished';
      readonly entry: string;
      readonly attempt: number;
      readonly run: string;
      /** Finished before the night died, found afterwards. */
      readonly recovered?: true;
    }
  | {
      readonly event: 'failed';
      readonly entry: string;
      readonly attempt: number;
      readonly exitCode: number;
      readonly message: string;
    }
  /** Did not come to its end, and does not count; its run may lie on disk. */
  | { readonly event: 'abandoned'; readonly entry: string; readonly attempt: number; readonly run?: string }
  | { readonly event: 'notified'; readonly target: number }
  | { readonly event: 'ended' }
);

/** Whether the night's instruments can be trusted. */
export interface CanaryOutcome {
  readonly kind: 'leak' | 'sound';
  /** Of the pair, from 0. */
  readonly pair: number;
  readonly ok: boolean;
  /** What was expected and what it got. */
  readonly detail: string;
  readonly durationMs: number;
}

/** One entry of a night, over. */
export interface NightEntryRecord {
  readonly name: string;
  readonly scenario: string;
  readonly variant?: string;
  readonly defects: readonly string[];
  /** The run that counts: the last that was finished. */
  readonly run?: string;
  readonly verdict: RunVerdict;
  readonly exitCode: number;
  readonly reason: string;
  /** Metrics that leak, gravest first. */
  readonly leaking: readonly string[];
  /** Every leak of this entry is known and has not expired. */
  readonly known: boolean;
  /** Where the first suspect points to, or what called it when that lies in a package. */
  readonly location?: CodeLocation;
  readonly suspect?: string;
  readonly cycles: number;
  /** Of all finished attempts. */
  readonly spentMs: number;
  readonly attempts: number;
  readonly rerun?: string;
}

/** A night with what it says; `night.json`. */
export interface NightRecord {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly command: string;
  readonly environment: Environment;
  readonly shard?: string;
  readonly only?: readonly string[];
  readonly budgetMs: number;
  /** Time that the night was alive. */
  readonly spentMs: number;
  /** Times it was taken up again after a crash, a reboot or an interruption. */
  readonly resumed: number;
  /** `void`: the canaries failed, and nothing was run. */
  readonly verdict: 'void' | RunVerdict;
  readonly exitCode: number;
  readonly reason: string;
  readonly canaries: readonly CanaryOutcome[];
  readonly entries: readonly NightEntryRecord[];
  /** Gravest first. */
  readonly news: readonly News[];
  readonly warnings: readonly string[];
}
