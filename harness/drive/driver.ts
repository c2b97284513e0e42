import type { DriveProgress, HoldOutcome, HoldRequest, RoundOutcome } from '../model/agent-protocol.js';

/** What a round draws from, of all that its scenario has. */
export interface RoundPart {
  readonly operations: readonly string[];
  /** In place of their own. */
  readonly inputs?: readonly number[];
}

export interface RoundPlan {
  readonly round: number;
  readonly cycles: number;
  readonly concurrency: number;
  readonly ratePerSecond?: number;
  readonly seed: number;
  /** After so long no further cycle is begun. */
  readonly maxMs?: number;
  /** @defaultValue everything */
  readonly part?: RoundPart;
  /** Operations that have half of the cycles together, however seldom they are: what they do is looked for. */
  readonly favoured?: readonly string[];
}

/** Drives a scenario's operations against a running target, wherever their code runs. */
export interface Driver {
  readonly operations: readonly string[];
  readonly hasGauges: boolean;
  /** False where one call creates and destroys: there is nothing to hold. */
  readonly canHold: boolean;
  /** What the module itself declares to be waited for before a floor. */
  readonly settleMs: number;
  /** Whether operations make inputs of the cycle's number or of random numbers, and so far none has read `input`. */
  readonly drawsOwnInputs?: () => boolean;
  /** Whether a connection of the load may be open between two rounds; absent where the load has its connections in the target. */
  readonly staysConnected?: () => boolean;
  setup(): Promise<void>;
  /** @throws {PlateauError} `PLATEAU_TARGET_UNRESPONSIVE` when for `stallMs` no cycle ends, or all that end fail slowly */
  round(plan: RoundPlan): Promise<RoundOutcome>;
  /** Creates objects of one operation and keeps them. @throws {PlateauError} as `round` */
  hold(request: HoldRequest): Promise<HoldOutcome>;
  /** Destroys what is held. @throws {PlateauError} as `round` */
  release(options: { readonly concurrency: number }): Promise<HoldOutcome>;
  /** May be asked while a round is driven. */
  progress(): Promise<DriveProgress>;
  gauges(): Promise<Readonly<Record<string, number>>>;
  /** True once the scenario's own condition for a floor holds; false when it did not in time. */
  settled(): Promise<boolean>;
  teardown(): Promise<void>;
  /** Ends what stays open from round to round. */
  close?(): void;
}
