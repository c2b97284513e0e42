/**
 * What plateau and the attribution hooks in a Node target say to each other. The agent installs the hooks before the
 * target's code loads when `PLATEAU_ATTRIBUTION` is `1` in its environment; a measuring pass never sets it.
 */
export const attributionVariable = 'PLATEAU_ATTRIBUTION';

/**
 * A place in code as V8 shows it, before source maps: `[url or path, line, column, function]`, 1-based.
 * Builtins have no place: `['', 0, 0, 'set']`.
 */
export type RawFrame = readonly [file: string, line: number, column: number, functionName: string];

/** Frames that several stacks share travel once; a stack is indices into `frames`, innermost first. */
export interface FrameTable {
  readonly frames: readonly RawFrame[];
}

/** One allocating call stack. Lines are those of the functions' definitions: the profiler knows no finer place. */
export interface AllocationSite {
  readonly stack: readonly number[];
  /** Estimate of the live bytes that were allocated here since sampling started. */
  readonly bytes: number;
  /** Of these, in objects of 8 KiB and more: tables and arrays that grow by doubling. */
  readonly largeBytes: number;
}

export interface SiteReading extends FrameTable {
  /** The largest. */
  readonly sites: readonly AllocationSite[];
}

/** One call stack that was seen running. Lines of frames are those of the functions' definitions. */
export interface RunningStack {
  readonly stack: readonly number[];
  readonly samples: number;
  /** 1-based lines that ran, with their samples: of the innermost function, and of what V8 had inlined into it. */
  readonly lines: readonly (readonly [line: number, samples: number])[];
}

export interface TimeReading extends FrameTable {
  readonly running: readonly RunningStack[];
  /** Of the main thread, taken at even distances of time. */
  readonly samples: number;
  /** Of these, in which the event loop did not wait for something to do. */
  readonly busySamples: number;
  /** As reported by `attribution.sourceMaps`. */
  readonly sourceMaps: Readonly<Record<string, string>>;
}

export interface WaitingReading extends Pick<TimeReading, 'sourceMaps'> {
  /** The `await` at which an async function stands, by its id; functions have no name here. */
  readonly places: Readonly<Record<number, RawFrame>>;
}

/**
 * - `descriptor`: an open file descriptor; `type` is `file`, `directory`, `socket`, `pipe`, `anonymous`, ...
 * - `timer`: an armed timer, unref-ed ones too; `type` is `Timeout` or `Immediate`
 * - `handle`: any other live async resource; `type` is that of `async_hooks` (`TCPSERVERWRAP`, `UDPWRAP`, ...)
 * - `worker`, `process`: a worker thread, a child process
 * - `listener`: an event listener; `type` is the emitter's class and the event
 * - `file`: a file that was made in the temporary directory and is still there
 * - `collection`: one growing Map, Set or Array; `count` is its size, `key` distinguishes it from others
 */
export type ResourceKind =
  | 'descriptor'
  | 'timer'
  | 'handle'
  | 'worker'
  | 'process'
  | 'listener'
  | 'file'
  | 'collection'
  /** Loaded, whether or not it is still there. */
  | 'module';

/** Live things of one kind that were made by one call stack. */
export interface ResourceGroup {
  readonly kind: ResourceKind;
  readonly type: string;
  /** Innermost first; empty when nothing of the target was on the stack. */
  readonly stack: readonly number[];
  readonly count: number;
  /** Paths, peers, pids; at most a few. */
  readonly examples: readonly string[];
  /** Of a collection: the same in every reading. */
  readonly key?: string;
}

export interface ResourceReading extends FrameTable {
  readonly groups: readonly ResourceGroup[];
}

/** What the clocks of the target showed when a snapshot was taken, ms. */
export interface SnapshotClocks {
  /** Since 1970. */
  readonly dateMs: number;
  /** Of `performance.now()`. */
  readonly processMs: number;
}

export interface SnapshotReceipt {
  readonly clocks: SnapshotClocks;
  /** Ids that the snapshot gives to growing collections, by their `key`. */
  readonly collections: Readonly<Record<string, number>>;
}

export interface WorkerSnapshot {
  readonly path: string;
  /** The same worker thread has the same in every receipt. */
  readonly worker: string;
  readonly clocks: SnapshotClocks;
  /** Of what all workers have allocated since sampling started and still keep, the part of this one, 0 to 1. */
  readonly share: number;
}

/** Further requests of an agent whose attribution hooks are installed. */
export interface AttributionMethods {
  /** Starts sampling; call once the target is ready, before the first cycle. */
  'attribution.start': { params: { intervalBytes: number }; result: Record<string, never> };
  /** Call at a floor; allocates in the target. */
  'attribution.sites': { params: Record<string, never>; result: SiteReading };
  /** The same of all worker threads, together. */
  'attribution.workerSites': { params: Record<string, never>; result: SiteReading };
  'attribution.resources': { params: Record<string, never>; result: ResourceReading };
  /** Source map urls of all loaded scripts, by script url; `data:` urls hold the map itself. Call at the end. */
  'attribution.sourceMaps': { params: Record<string, never>; result: Readonly<Record<string, string>> };
  /** Writes a heap snapshot, mode 0600; blocks the target for about 80 ms a live MiB, at twelve times its memory. */
  'attribution.snapshot': { params: { path: string }; result: SnapshotReceipt };
  /** The same of worker threads: of some at first, then of that one of them that keeps most. Empty where none can be read. */
  'attribution.workerSnapshots': {
    params: { directory: string; name: string; of: 'some' | 'most' };
    result: { readonly snapshots: readonly WorkerSnapshot[] };
  };
}
