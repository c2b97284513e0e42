import type { ResourceReading, SiteReading, SnapshotClocks } from '../../model/attribution-protocol.js';
import type { InsideView, RuntimeReading } from '../../model/runtime.js';
import type { RunningTarget } from '../../model/target.js';
import type { OutsideReading } from './outside-reading.js';

/** What the attribution pass is going to do; made from what the measuring pass found. */
export interface AttributionPlan {
  /** To be added to the environment of the fresh target. */
  readonly environment: Readonly<Record<string, string>>;
  readonly warmupRounds: number;
  readonly warmupCyclesPerRound: number;
  /** Rounds that are read, after the warm-up. */
  readonly rounds: number;
  readonly cyclesPerRound: number;
  /** Mean bytes between two samples of the allocation profiler. */
  readonly intervalBytes: number;
  /** Record what native code allocates: JavaScript does not account for what grows. */
  readonly nativeMemory: boolean;
  /** Look into worker threads too. */
  readonly workers: boolean;
  /** Take heap snapshots, where the heap is small enough for them. */
  readonly snapshots: boolean;
}

/** The fresh target of the attribution pass, as collecting evidence needs it. The run loop starts and stops it. */
export interface AttributionSession {
  readonly target: RunningTarget;
  /** Of a target that is not plateau's own Node process. */
  readonly inside: InsideView | undefined;
  /** Existing directory, mode 0700, for snapshots: `attribution/` of the run. */
  readonly directory: string;
  /**
   * Drives a round of about `cycles` cycles, destroys all, waits for the scenario's own settling and takes a floor.
   * @returns cycles since the start, in all and by operation, and the values of the floor
   */
  round(cycles: number): Promise<Pick<EvidenceRound, 'cycles' | 'cyclesByOperation' | 'values'>>;
  /** Notified of the first heap snapshot, which can be read while cycles are driven. */
  readonly onFirstSnapshot?: (path: string) => void;
  /** Ends the pass early; what was read until then is used. */
  readonly signal?: AbortSignal;
  /** Milliseconds on a clock that never goes backwards. */
  nowMs(): number;
}

export interface EvidenceRound {
  readonly cycles: number;
  /** Absent where the scenario has one operation. */
  readonly cyclesByOperation?: Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, number>>;
  readonly sites?: SiteReading;
  /** Of worker threads. */
  readonly workerSites?: SiteReading;
  readonly resources?: ResourceReading;
  readonly outside?: OutsideReading;
  readonly runtime?: RuntimeReading;
}

export interface WorkerEvidence {
  readonly before: string;
  readonly after: string;
  readonly clocks: SnapshotClocks;
  /** Cycles between the two snapshots, and since the target started: of all workers. */
  readonly cycles: number;
  readonly allCycles: number;
  /** Of what all workers keep, the part of this one, 0 to 1. */
  readonly share: number;
}

/** All that the attribution pass read; plain data, so that it can be judged after the target has stopped. */
export interface AttributionEvidence {
  readonly rounds: readonly EvidenceRound[];
  /** After warm-up and at the end, or none. */
  readonly snapshots: readonly {
    readonly path: string;
    readonly cycles: number;
    readonly clocks: SnapshotClocks;
    readonly collections: Readonly<Record<string, number>>;
  }[];
  /** Of one worker thread, where there is a pair. */
  readonly worker?: WorkerEvidence;
  /** Source map urls of the target's scripts, by script url. */
  readonly sourceMaps: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}
