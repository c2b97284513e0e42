/**
 * How a metric is judged.
 * - `bytes`: noisy, judged by floor regression
 * - `count`: exact integers, judged by records and by the rule of three
 * - `idle`: a level that must come back to rest (CPU, loop delay)
 * - `advisory`: shown beside the others, never decides while better channels exist
 * - `context`: recorded for curves and comparisons, never judged
 */
export type MetricChannel = 'bytes' | 'count' | 'idle' | 'advisory' | 'context';

/**
 * How much of a metric is sound, whatever the target: see `analyse/decide/tolerance.ts`.
 * - `heap`: live memory, read to some bytes after a collection
 * - `pages`: memory that a process has from the system, in use or not
 * - `arenas`: memory that WebAssembly modules manage themselves and never give back
 * - `entries`: of caches, tables and queues; some thousands are sound
 * - `files`: for the time being
 * - `connections`: and what else comes in pools of hundreds
 * - `workers`: threads and processes, of which one costs megabytes
 */
export type MetricScale = 'heap' | 'pages' | 'arenas' | 'entries' | 'files' | 'connections' | 'workers';

export interface MetricDefinition {
  /** Contract name, or `family.*` for a family of metrics (`fds.*`, `gauge.*`). */
  readonly name: string;
  readonly channel: MetricChannel;
  /** Unit of a value: `B`, `fds`, `handles`, `ms`, `cores`, ... */
  readonly unit: string;
  readonly description: string;
  /** @defaultValue `heap` for bytes, else `connections` */
  readonly scale?: MetricScale;
  /** Metric that contains it, where that is not the one before the dot. */
  readonly partOf?: string;
  /** Read in the rounds of the census and in no other. */
  readonly readIn?: 'census';
  /** The other side, or time, may take it away while the target rests. */
  readonly goesByItself?: true;
  /** Left out at some floors where reading it takes long. */
  readonly rationed?: true;
}

const definitions: readonly MetricDefinition[] = [
  { name: 'heapUsed', channel: 'bytes', unit: 'B', description: 'V8 heap in use, compiled code left out' },
  { name: 'external', channel: 'bytes', unit: 'B', description: 'memory outside the heap that V8 accounts for' },
  { name: 'arrayBuffers', channel: 'bytes', unit: 'B', description: 'ArrayBuffers and Buffers' },
  {
    name: 'wasmMemory',
    channel: 'bytes',
    unit: 'B',
    description: 'memory of WebAssembly modules that was ever touched, in arenas that need not grow for it',
    rationed: true,
    scale: 'arenas',
  },
  {
    name: 'nativeUsed',
    channel: 'bytes',
    unit: 'B',
    description: 'memory of the allocator and of anonymous mappings that is in use',
  },
  {
    name: 'allocations',
    channel: 'count',
    unit: 'blocks',
    description: 'live blocks of the allocator',
    scale: 'entries',
  },
  { name: 'rss', channel: 'advisory', unit: 'B', description: 'resident set size', scale: 'pages' },
  { name: 'pss', channel: 'advisory', unit: 'B', description: 'proportional set size', rationed: true, scale: 'pages' },
  {
    name: 'uss',
    channel: 'advisory',
    unit: 'B',
    description: 'unique set size (private pages)',
    rationed: true,
    scale: 'pages',
  },
  { name: 'fds', channel: 'count', unit: 'fds', description: 'open file descriptors', goesByItself: true },
  {
    name: 'fds.*',
    channel: 'count',
    unit: 'fds',
    description: 'open file descriptors of one kind',
    rationed: true,
    goesByItself: true,
  },
  {
    name: 'handles',
    channel: 'count',
    unit: 'handles',
    description: 'active resources that keep the loop alive',
    goesByItself: true,
  },
  {
    name: 'handles.*',
    channel: 'count',
    unit: 'handles',
    description: 'active resources of one type',
    goesByItself: true,
  },
  {
    name: 'timers',
    channel: 'count',
    unit: 'timers',
    description: 'armed timers, unref-ed ones too',
    rationed: true,
    scale: 'entries',
    readIn: 'census',
    goesByItself: true,
  },
  {
    name: 'listeners',
    channel: 'count',
    unit: 'listeners',
    description: 'event listeners on live emitters and targets',
    rationed: true,
    scale: 'entries',
    readIn: 'census',
  },
  {
    name: 'objects',
    channel: 'count',
    unit: 'objects',
    description: 'live JavaScript objects',
    rationed: true,
    scale: 'entries',
    readIn: 'census',
  },
  {
    name: 'objects.*',
    channel: 'count',
    unit: 'objects',
    description: 'live objects of one class',
    rationed: true,
    scale: 'entries',
    readIn: 'census',
  },
  { name: 'tasks', channel: 'count', unit: 'tasks', description: 'tasks of an event loop that have not ended' },
  { name: 'threads', channel: 'count', unit: 'threads', description: 'operating system threads', scale: 'workers' },
  { name: 'virtualThreads', channel: 'count', unit: 'threads', description: 'virtual threads of the JVM' },
  {
    name: 'classes',
    channel: 'count',
    unit: 'classes',
    description: 'classes that the JVM has loaded',
    scale: 'entries',
  },
  {
    name: 'directBuffers',
    channel: 'count',
    unit: 'buffers',
    description: 'buffers outside the heap of the JVM',
    scale: 'entries',
  },
  { name: 'goroutines', channel: 'count', unit: 'goroutines', description: 'goroutines that have not ended' },
  {
    name: 'children',
    channel: 'count',
    unit: 'processes',
    description: 'descendant processes, and zombies that their parent has not waited for',
    scale: 'workers',
  },
  {
    name: 'sockets.*',
    channel: 'count',
    unit: 'sockets',
    description: 'TCP sockets in one state',
    rationed: true,
    partOf: 'fds',
    goesByItself: true,
  },
  {
    name: 'tempFiles',
    channel: 'count',
    unit: 'files',
    description: "files in the target's temporary directory",
    rationed: true,
    scale: 'files',
  },
  {
    name: 'keys',
    channel: 'count',
    unit: 'keys',
    description: 'keys of a Redis server that do not expire',
    scale: 'entries',
  },
  { name: 'clients', channel: 'count', unit: 'clients', description: "clients of a Redis server, plateau's left out" },
  {
    name: 'subscriptions',
    channel: 'count',
    unit: 'subscriptions',
    description: 'subscriptions of all clients of a Redis server',
    scale: 'entries',
  },
  {
    name: 'outputBuffers',
    channel: 'bytes',
    unit: 'B',
    description: 'answers and messages that clients of a Redis server have not read',
  },
  {
    name: 'scripts',
    channel: 'count',
    unit: 'scripts',
    description: 'scripts and functions that a Redis server keeps',
    scale: 'entries',
  },
  { name: 'locks', channel: 'count', unit: 'locks', description: 'locks that sessions of a database server hold' },
  { name: 'sessions', channel: 'count', unit: 'sessions', description: "sessions of a database's clients" },
  {
    name: 'openTransactions',
    channel: 'count',
    unit: 'transactions',
    description: 'transactions of a database that have not ended',
  },
  {
    name: 'temporaryTables',
    channel: 'count',
    unit: 'tables',
    description: 'temporary tables that sessions of a database have not dropped',
  },
  {
    name: 'preparedStatements',
    scale: 'entries',
    channel: 'count',
    unit: 'statements',
    description: 'statements that sessions of a database keep prepared',
  },
  {
    name: 'replicationSlots',
    channel: 'count',
    unit: 'slots',
    description: 'replication slots of a database server',
  },
  { name: 'tableSize', channel: 'bytes', unit: 'B', description: 'tables and indexes of a database, after VACUUM' },
  { name: 'cpuIdle', channel: 'idle', unit: 'cores', description: 'CPU used while nothing is asked of the target' },
  { name: 'eventLoopDelay', channel: 'idle', unit: 'ms', description: 'event-loop delay, 99th percentile' },
  {
    name: 'gauge.*',
    channel: 'count',
    unit: 'entries',
    description: 'a number that the target reports of itself',
    scale: 'entries',
  },
  { name: 'heapCode', channel: 'context', unit: 'B', description: 'compiled code, bytecode and their metadata' },
  {
    name: 'heapObjects',
    channel: 'context',
    unit: 'objects',
    description: 'live objects as the runtime counts them, its own included: they vary by some',
  },
  { name: 'heapTotal', channel: 'context', unit: 'B', description: 'heap that V8 has reserved' },
  { name: 'heapSpace.*', channel: 'context', unit: 'B', description: 'use of one V8 heap space' },
  { name: 'rssAnonymous', channel: 'context', unit: 'B', description: 'resident anonymous pages' },
  { name: 'cpu', channel: 'context', unit: 'cores', description: 'CPU used since the sample before' },
  {
    name: 'eventLoopUtilization',
    channel: 'context',
    unit: 'ratio',
    description: 'share of time the event loop was busy',
  },
  { name: 'cpuPerCycle', channel: 'context', unit: 'ms', description: 'CPU of the target a cycle, while driving' },
  {
    name: 'cpuOthers',
    channel: 'context',
    unit: 'cores',
    description: 'CPU that everything but the target and plateau used while driving',
  },
  { name: 'throughput', channel: 'context', unit: 'cycles/s', description: 'cycles per second of driving' },
  { name: 'successRate', channel: 'context', unit: 'ratio', description: 'cycles without an error, of those started' },
  {
    name: 'latency.*',
    channel: 'context',
    unit: 'ms',
    description: 'latency of one operation, one phase, one percentile',
  },
  { name: 'held.*', channel: 'context', unit: 'objects', description: 'objects of one operation that are held alive' },
  { name: 'expiringKeys', channel: 'context', unit: 'keys', description: 'keys of a Redis server that expire' },
  {
    name: 'clockMovedMs',
    channel: 'context',
    unit: 'ms',
    description: "how far the target's clock was moved on, ahead of real time",
  },
  { name: 'settleReads', channel: 'context', unit: 'reads', description: 'collections until the floor was reached' },
];

const byName = new Map(definitions.map((definition) => [definition.name, definition]));

/** Every metric that plateau knows, families as `name.*`. */
export function metricDefinitions(): readonly MetricDefinition[] {
  return definitions;
}

/** Definition of a metric or of the family it belongs to; `undefined` when the name is not a metric's. */
export function metricDefinition(name: string): MetricDefinition | undefined {
  const exact = byName.get(name);
  if (exact !== undefined) return exact;
  const dot = name.indexOf('.');
  return dot > 0 && dot < name.length - 1 ? byName.get(`${name.slice(0, dot)}.*`) : undefined;
}

/** The metric that a breakdown belongs to: `fds.file` -> `fds`, sockets are descriptors; `undefined` for metrics that stand alone. */
export function parentMetric(name: string): string | undefined {
  const partOf = metricDefinition(name)?.partOf;
  if (partOf !== undefined) return partOf;
  const dot = name.indexOf('.');
  if (dot < 0) return undefined;
  const family = name.slice(0, dot);
  return family !== 'gauge' && byName.has(family) ? family : undefined;
}
