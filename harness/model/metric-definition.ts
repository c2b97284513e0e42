/**
 * How a metric is judged.
 * - `bytes`: noisy, judged by floor regression
 * - `count`: exact integers, judged by records and by the rule of three
 * - `peak`: the most of a round, which has a limit where a budget sets one
 * - `idle`: a level that must come back to rest (CPU, loop delay)
 * - `advisory`: shown beside the others, never decides while better channels exist
 * - `context`: recorded for curves and comparisons, never judged
 */
export type MetricChannel = 'bytes' | 'count' | 'peak' | 'idle' | 'advisory' | 'context';

/**
 * How much of a metric is sound, whatever the target: see `analyse/decide/tolerance.ts`.
 * - `heap`: live memory, read to some bytes after a collection
 * - `mixedHeap`: the same of several threads, from whose compiled code nothing sets it apart; memory that WebAssembly modules
 *   manage themselves and never give back
 * - `pages`: memory that a process has from the system, in use or not
 * - `entries`: of caches, tables and queues; some thousands are sound
 * - `files`: for the time being
 * - `connections`: and what else comes in pools of hundreds
 * - `workers`: threads and processes, of which one costs megabytes
 */
export type MetricScale = 'heap' | 'mixedHeap' | 'pages' | 'entries' | 'files' | 'connections' | 'workers';

/** What holds memory of others: their growth is growth of it, and one leak is reported once. */
export interface Contents {
  readonly metrics: readonly string[];
  /** Share of its growth from which on theirs explains it. */
  readonly shareMin: number;
}

export interface MetricDefinition {
  /** Contract name, or `family.*` for a family of metrics (`fds.*`, `gauge.*`). */
  readonly name: string;
  readonly channel: MetricChannel;
  /** Unit of a value: `B`, `fds`, `handles`, `ms`, `cores`, ... */
  readonly unit: string;
  readonly description: string;
  /** @defaultValue `heap` for bytes, else `connections` */
  readonly scale?: MetricScale;
  readonly contents?: Contents;
  /** What is different in a Node process, where V8 shares the memory. */
  readonly inNode?: { readonly scale: MetricScale; readonly contents: Contents };
  /** Metric that contains it, where that is not the one before the dot. */
  readonly partOf?: string;
  /** Of processes that the target has started, a member for each command: the target's own metrics do not contain it. */
  readonly ofChildren?: true;
  /** Read in the rounds of the census and in no other. */
  readonly readIn?: 'census';
  /** The other side, or time, may take it away while the target rests. */
  readonly goesByItself?: true;
  /** Left out at some floors where reading it takes long. */
  readonly rationed?: true;
}
