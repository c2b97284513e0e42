import type { RawFrame, TimeReading, WaitingReading } from './attribution-protocol.js';
import type { PendingTimer } from './pending-timer.js';

/**
 * What plateau and the agent in a Node target say to each other: one JSON object a line over a socket pair
 * (descriptor `agentDescriptor` in the target), `{id, method, params}` answered by `{id, result}` or `{id, error}`.
 */
export const agentDescriptor = 3;

/** Set in the environment of a target whose time can be moved on: `1`. */
export const virtualTimeVariable = 'PLATEAU_VIRTUAL_TIME';

/** File of the addon by which the agent reads what native code has allocated. */
export const mallocReaderVariable = 'PLATEAU_MALLOC_READER';

/** Its name, by which it is known from the addons of the target. */
export const mallocReaderFile = 'malloc-reader.node';

/** Environment variables by which the agent knows its place. */
export const agentEnvironment = {
  /** Pid of plateau: the agent works only in its direct child, never in what the target forks. */
  parent: 'PLATEAU_AGENT_PARENT',
  /** `<boot id>/<pid namespace>/<pid>/<start time>/<run id>` of the plateau that started this process tree. */
  owner: 'PLATEAU_OWNER',
} as const;

export interface AgentHello {
  readonly pid: number;
  readonly node: string;
  readonly v8: string;
  /** `gc()` was tried on a planted 8 MiB and took it away. */
  readonly collectsGarbage: boolean;
  /** The object census works on this Node. */
  readonly censusAvailable: boolean;
}

export interface ListeningAddress {
  readonly host: string;
  readonly port: number;
  /** It speaks TLS. */
  readonly secure: boolean;
}

/** Values of metrics as the contract names them. */
export type MetricValues = Record<string, number>;

export interface Census {
  /** Live objects by constructor name; anonymous ones under `(anonymous)`. */
  readonly classes: Readonly<Record<string, number>>;
  readonly objects: number;
  /** Armed timers, unref-ed ones too. */
  readonly timers: number;
  /** Of these, the ones that fire again and again. */
  readonly repeatingTimers: number;
  /** Listeners on live EventEmitters and EventTargets. */
  readonly listeners: number;
  /** Time until 95 % of the armed timers that fire once have fired; absent where there are none. */
  readonly timersDueMs?: number;
  /** Time in which each of the target's timers that fire within half a minute has fired: what they sweep has gone then. */
  readonly sweepsMs: number;
}

/** Timers of the target's own code, by the function that they call; those that are due last come first. */
export interface PendingTimersReading {
  readonly timers: readonly (PendingTimer & { readonly frame: RawFrame })[];
  /** By script url. */
  readonly sourceMaps: Readonly<Record<string, string>>;
}

export interface ClockJump {
  /** Whole milliseconds. */
  readonly byMs: number;
}

export interface ClockJumped {
  /** How far the target's clock is ahead of real time by now. */
  readonly movedMs: number;
  /** How often timers fired, by the time for which they were set, ms. */
  readonly firedByMs: Readonly<Record<string, number>>;
}

/** Latency of one phase of one operation, ms. */
export interface PhaseLatency {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export interface RoundRequest {
  /** 0-based; part of the seed of everything that is drawn in this round. */
  readonly round: number;
  /** Of all operations together. */
  readonly cycles: number;
  readonly concurrency: number;
  readonly ratePerSecond?: number;
  readonly seed: number;
  /** After so long no further cycle is begun. */
  readonly maxMs?: number;
}

/** Objects of one operation that are created and kept until they are released. */
export interface HoldRequest {
  readonly operation: string;
  readonly objects: number;
  readonly concurrency: number;
}

export interface HoldOutcome {
  /** Objects that are alive now: created, or left after their release because `destroy` failed. */
  readonly live: number;
  readonly failed: number;
  readonly durationMs: number;
}

export interface RoundOutcome {
  /** Cycles started by operation, failed ones included. */
  readonly cyclesByOperation: Readonly<Record<string, number>>;
  readonly created: number;
  readonly destroyed: number;
  readonly failed: number;
  /** Wall time of driving, without settling. */
  readonly durationMs: number;
  /** How much of the rate that was asked for the target takes, 0 to 1; absent where none was, or too few cycles show it. */
  readonly landedShare?: number;
  /** Failures of this round. */
  readonly failures: readonly {
    operation: string;
    phase: 'create' | 'destroy';
    kind: string;
    count: number;
    message: string;
  }[];
  /** Since the start of the run; keys `<operation>.create`, `<operation>.destroy`. */
  readonly latency: Readonly<Record<string, PhaseLatency>>;
  /** Of this round; same keys. */
  readonly roundLatency: Readonly<Record<string, PhaseLatency>>;
}

export interface DriveProgress {
  /** Cycles since the start, failed ones included. */
  readonly finished: number;
  /** Of these, the ones that did not fail. */
  readonly succeeded: number;
  /** Calls that have not returned yet; keys `<operation>.create`, `<operation>.destroy`. */
  readonly underWay: Readonly<Record<string, number>>;
}

/** Requests that every agent answers. */
export interface AgentMethods {
  hello: { params: Record<string, never>; result: AgentHello };
  /**
   * Addresses that servers of the target listen on, the one on `port` first. Answered once that one listens, or a second
   * after another does; without `port`, once any does.
   */
  listening: { params: { port?: number }; result: readonly ListeningAddress[] };
  /** Collect until two reads agree, then read everything. */
  floor: { params: { maxReads: number; toleranceBytes: number }; result: MetricValues };
  /** Read what is cheap, without collecting. */
  load: { params: Record<string, never>; result: MetricValues };
  /** What is armed, and which collections its code names. Costs about ten collections where code needs its `this`. */
  'timers.pending': { params: Record<string, never>; result: PendingTimersReading };
  /** Moves time on in a target that was started with virtual time, and lets every timer fire that is due by then. */
  'clock.jump': { params: ClockJump; result: ClockJumped };
  census: { params: Record<string, never>; result: Census };
  /** Plants `objects` objects of 64 bytes of payload each, or lets them go. */
  control: { params: { action: 'plant' | 'release'; objects: number }; result: Record<string, never> };
  /** Most bytes that V8 will give the heap. */
  heapLimit: { params: Record<string, never>; result: { bytes: number } };
  /** Rests for `windowMs` and shows CPU (cores) and event-loop delay (ms) of that time. */
  idle: { params: { windowMs: number }; result: MetricValues };
  /** What the main thread does for `windowMs`, by V8's CPU profiler. Slows the target: call when nothing more is measured. */
  profile: { params: { windowMs: number }; result: TimeReading };
  /** Writes a heap snapshot, mode 0600, of a target that hangs; blocks it for about 80 ms a live MiB, at twelve times its memory. */
  'waiting.snapshot': { params: { path: string }; result: Record<string, never> };
  /** At which `await` async functions stand, by their ids in that snapshot. */
  'waiting.places': { params: { ids: readonly number[] }; result: WaitingReading };
  /** Resources that keep the event loop alive; two equal answers in a row mean that nothing is under way. */
  pending: { params: Record<string, never>; result: { resources: number } };
}

/** What an agent that is put into a running process is given. */
export interface Attachment {
  /** Of plateau, on loopback. */
  readonly port: number;
  /** The first line that plateau expects: whoever else connects does not know it. */
  readonly token: string;
  readonly attribution: boolean;
  /** plateau has opened the inspector, and so it is closed again. */
  readonly closesInspector: boolean;
  /** File of the addon that reads what native code has allocated. */
  readonly mallocReader?: string;
}

/** Further requests of an agent in a process that plateau did not start. */
export interface AttachedMethods {
  /** Closes the inspector that plateau has opened; nobody may be connected to it. */
  closeInspector: { params: Record<string, never>; result: Record<string, never> };
  /** Undoes every change to the process; the end of the connection does so too. */
  leave: { params: Record<string, never>; result: Record<string, never> };
}

/** Further requests of the process that hosts a function module. */
export interface HostMethods {
  /** Imports the module and shows its form. */
  module: { params: { module: string }; result: HostedModule };
  setup: { params: Record<string, never>; result: Record<string, never> };
  round: { params: RoundRequest; result: RoundOutcome };
  hold: { params: HoldRequest; result: HoldOutcome };
  release: { params: { concurrency: number }; result: HoldOutcome };
  /** Answered while a round is driven. */
  progress: { params: Record<string, never>; result: DriveProgress };
  gauges: { params: Record<string, never>; result: Record<string, number> };
  teardown: { params: Record<string, never>; result: Record<string, never> };
}

export type HostedModule =
  | { readonly form: 'scenario' }
  | { readonly form: 'functions'; readonly paired: boolean; readonly hasGauges: boolean; readonly settleMs: number }
  | { readonly form: 'invalid'; readonly problem: string };
