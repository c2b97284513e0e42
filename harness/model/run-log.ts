import type { RunBaseline } from './baseline.js';
import type { CodeLocation } from './code-location.js';
import type { CurveFacts } from './curve.js';
import type { RunPurpose } from './history.js';
import type { LocatedTimer } from './pending-timer.js';
import type { Environment, FailureCount, LatencySummary, Suspect } from './run-record.js';
import type { SampleTable } from './sample.js';
import type { RunEnd } from './verdict.js';

/**
 * - `level`: judged; may neither grow nor run dry
 * - `counter`: counts upwards by design; never judged
 * - `bounded`: may grow up to `bound`; a leak above it
 * - `bytes`: memory in bytes; judged like memory that is read from the inside, with its noise
 */
export type GaugeKind =
  | { kind: 'level' }
  | { kind: 'counter' }
  | { kind: 'bounded'; bound: number }
  | { kind: 'bytes' };

/** Who owns a process or a directory: survives the owner, and is never mistaken for a later process of the same pid. */
export interface OwnerIdentity {
  readonly pid: number;
  /** Start time of the process in clock ticks since boot (Linux `/proc/PID/stat` field 22), else epoch ms. */
  readonly startTime: number;
  readonly bootId: string;
  /** Linux pid namespace; pids of another one say nothing. */
  readonly pidNamespace: string;
}

export interface RunParameters {
  readonly cyclesPerRound: number | 'auto';
  /** Most rounds that may be driven. */
  readonly rounds: number;
  readonly durationMs: number;
  readonly concurrency: number;
  /** Cycles per second; absent: closed loop. */
  readonly ratePerSecond?: number;
  readonly untilDecided: boolean;
  /** Of the whole run, all metrics together. */
  readonly confidence: number;
  readonly thorough: boolean;
  readonly attribution: 'off' | 'on-leak' | 'always';
  /** Distinct inputs that operations draw from; `fresh`: every cycle a new one. */
  readonly universe: number | 'fresh';
  readonly settleMs: number;
  /** Flags of Node for the target; absent: none but those of its definition. */
  readonly nodeArguments?: string[];
  /** Objects of each operation that are held at the end; absent: none. */
  readonly footprint?: number | 'auto';
  /** The target's clock may be moved on while it rests. */
  readonly virtualTime?: true;
  /** Days of the target's clock that go by between rounds. */
  readonly days?: number;
  /** Node runs the interpreter only (second pass of `--thorough`). */
  readonly interpreterOnly: boolean;
  /** Of curves that something else recorded. */
  readonly readings?: number;
}

/** What is known before the first cycle; written first, so that a run that dies can still be judged. */
export interface Manifest {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly scenario: string;
  readonly system?: string;
  readonly summary?: string;
  readonly defects: readonly string[];
  readonly operations: readonly string[];
  readonly seed: number;
  readonly startedAt: string;
  readonly command: string;
  readonly rerun: string;
  readonly environment: Environment;
  readonly parameters: RunParameters;
  /** Largest slope that passes, by metric, in base units a cycle; absent metrics have the default. */
  readonly budgets: Readonly<Record<string, number>>;
  /** Declared kinds of gauges, by name without `gauge.`; absent: `level`. */
  readonly gauges: Readonly<Record<string, GaugeKind>>;
  /** How columns of a recorded series are judged that are not named after a metric; absent in runs of plateau itself. */
  readonly channels?: Readonly<Record<string, 'bytes' | 'count'>>;
  /** Present where something else recorded curves, which have no floors and no cycles. */
  readonly curves?: CurveFacts;
  /** `node`: the agent reports from inside; `outside`: seen from /proc alone; `none`: success and latency only. */
  readonly visibility: 'node' | 'outside' | 'none';
  readonly owner: OwnerIdentity;
  /** Growth that is known: only what is new or worse fails. */
  readonly baseline?: RunBaseline;
  /** Present when two runs were driven in turns, on the same seed and in rounds of the same size. */
  readonly pair?: PairedWith;
  /** Why the run was made. @defaultValue `soak` */
  readonly purpose?: RunPurpose;
  /** The night that the run belongs to. */
  readonly night?: string;
  /** What the user wants to find the run by. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Name of its trend beside the scenario's. @defaultValue the defects */
  readonly variant?: string;
}

export interface PairedWith {
  /** Id of the other run. */
  readonly id: string;
  /** Which side of the comparison this run is. */
  readonly side: 'before' | 'after';
  /** What was run, as it was asked for. */
  readonly variant: string;
}

/**
 * Who gives back the memory of a process: `manual` where its program frees what it no longer needs (C, C++, Rust, also
 * Python, which counts references), `collected` where a garbage collector does so when it likes (Go, Java).
 */
export type MemoryManagement = 'manual' | 'collected' | 'unknown';

/** Audit of the rest of a target that seems to leak: it fails where the run's time was over too soon. */
export const restAudit = 'rest';

/** The manifest of a run as its events correct it: what was assumed before the first cycle may not hold. */
export function correctedManifest(manifest: Manifest, events: readonly RunEvent[]): Manifest {
  const inputs = events.findLast((event) => event.event === 'inputs');
  const attached = events.some(({ event }) => event === 'attached');
  if (inputs === undefined && !attached) return manifest;
  return {
    ...manifest,
    ...(inputs !== undefined && { parameters: { ...manifest.parameters, universe: inputs.universe } }),
    ...(attached && { visibility: 'node' }),
  };
}

/** Why a run failed: what happened, what to do, and what the target printed last. */
interface FailureDetail {
  readonly detail: string;
  readonly hint?: string;
  readonly lastLines?: readonly string[];
}

/** Everything that happens in a run beside its samples, in order. */
export type RunEvent =
  | { readonly event: 'audit'; readonly check: string; readonly ok: boolean; readonly detail: string }
  | { readonly event: 'warning'; readonly message: string }
  /** What the processes of a target that is not Node are written in. */
  | { readonly event: 'runtime'; readonly names: readonly string[]; readonly memory: MemoryManagement }
  /** Cumulative counts at the end of a round. */
  | {
      readonly event: 'counts';
      readonly round: number;
      readonly created: number;
      readonly destroyed: number;
      readonly failed: number;
    }
  /** Cumulative failures, replaces those of earlier rounds. */
  | { readonly event: 'failures'; readonly failures: readonly FailureCount[] }
  /** Latency since the start, replaces that of earlier rounds. Keys: `<operation>.create`, `<operation>.destroy`. */
  | { readonly event: 'latency'; readonly latency: Readonly<Record<string, LatencySummary>> }
  /** Timers that were armed when so many cycles had been driven, and the collections that their code names. */
  | {
      readonly event: 'timers';
      readonly cycles: number;
      readonly elapsedMs: number;
      readonly timers: readonly LocatedTimer[];
    }
  /** No operation has read its input: the inputs are not those that the manifest assumes. */
  | { readonly event: 'inputs'; readonly universe: RunParameters['universe'] }
  /** An agent was put into a Node process that ran already, or that a command of the run has started. */
  | { readonly event: 'attached'; readonly isStarted: boolean }
  | { readonly event: 'stalled'; readonly round: number; readonly detail: string }
  | ({ readonly event: 'crashed' } & FailureDetail)
  | ({ readonly event: 'fault' } & FailureDetail)
  /** Cycles are over. */
  | { readonly event: 'end'; readonly reason: RunEnd; readonly endedAt: string }
  /** The cause was looked for, where one was wanted: the run is over. */
  | { readonly event: 'concluded'; readonly endedAt: string };

/** How many entries the code of a collection lets it hold. */
export interface HolderCapacity {
  /** As the code calls it: `#max`, `options.maxSize`. */
  readonly name: string;
  readonly entries: number;
  readonly entriesPerCycle: number;
}

/** A holder of growth that has a capacity, and how much of the growth of each leaking metric it accounts for, 0 to 1. */
export interface BoundedHolder extends HolderCapacity {
  readonly description: string;
  readonly shares: Readonly<Record<string, number>>;
}

/** What names a time after which the entries of a holder may go. */
export interface EntryExpiry {
  /** As the code calls it: `expiresAt`, `cookie.expires`, `ttl`. */
  readonly name: string;
  /** How long entries are kept, as far as it says, ms. */
  readonly inMs?: number | undefined;
}

/** A holder whose entries name a time, and how much of the growth of each leaking metric it accounts for, 0 to 1. */
export interface ExpiringHolder extends EntryExpiry {
  readonly description: string;
  /** Where entries are added. */
  readonly location?: CodeLocation | undefined;
  readonly shares: Readonly<Record<string, number>>;
}

/** What the heap grew by in the attribution pass, seen in two ways, B a cycle. */
export interface HeapGrowthInPass {
  /** From floor to floor, each after a forced collection. */
  readonly atFloors: number;
  /** From one heap snapshot to the other. */
  readonly inSnapshots: number;
  readonly cycles: number;
}

/** What the attribution pass found; kept beside the run, since it cannot be had from the samples again. */
export interface Attribution {
  readonly suspects: readonly Suspect[];
  readonly explained: Readonly<Record<string, number>>;
  /** Of what grows, holders that need not grow for ever. */
  readonly bounded?: readonly BoundedHolder[] | undefined;
  /** Of what grows, holders whose entries may be kept for a time. */
  readonly expiring?: readonly ExpiringHolder[] | undefined;
  readonly heapGrowth?: HeapGrowthInPass | undefined;
  readonly warnings: readonly string[];
  readonly artifacts: readonly { readonly kind: string; readonly path: string }[];
}

/** A run as it lies on disk: all that judging needs, nothing that it makes. */
export interface StoredRun {
  /** Absolute path of the run directory; absent for series that something else recorded. */
  readonly directory?: string;
  readonly manifest: Manifest;
  readonly samples: SampleTable;
  readonly events: readonly RunEvent[];
  readonly attribution?: Attribution;
  /** Files of the run that are there, beside those of the attribution pass; paths within the run directory. */
  readonly artifacts?: readonly { readonly kind: string; readonly path: string }[];
  /** The second pass of `--thorough`: the same load with the interpreter only, where bytes are almost without noise. */
  readonly interpreterPass?: StoredRun;
}
