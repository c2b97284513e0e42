import { fileURLToPath } from 'node:url';

/** A kind of service that is soaked live, sound and with a leak planted. */
export interface LiveKind {
  readonly name: string;
  readonly module: string;
  /** Metrics any of which shows its leak. */
  readonly shows: readonly string[];
  /** Every so many cycles leak; runs take turns. */
  readonly rates: readonly number[];
  /** Heap that each leak keeps, where that is known. */
  readonly bytesPerLeak?: number;
}

const kind = (name: string, ...shows: string[]): LiveKind => ({
  name,
  module: fileURLToPath(new URL(`services/${name}.mjs`, import.meta.url)),
  shows,
  rates: [1, 10],
});

/** From the size that plateau promises to find up to one that nobody overlooks. */
const sized = (bytesPerLeak: number, ...rates: number[]): LiveKind => ({
  ...kind('sized-list', 'heapUsed', 'objects'),
  name: `list-${bytesPerLeak}`,
  rates,
  bytesPerLeak,
});

export const liveKinds: readonly LiveKind[] = [
  kind('json-api', 'heapUsed', 'objects'),
  kind('websocket-chat', 'heapUsed', 'objects'),
  kind('sqlite-notes', 'heapUsed', 'objects'),
  kind('gzip-stream', 'arrayBuffers', 'external', 'heapUsed'),
  kind('open-files', 'fds'),
  kind('worker-pool', 'heapUsed', 'listeners', 'objects'),
  kind('template-cache', 'heapUsed', 'objects'),
  kind('lru-fill', 'heapUsed', 'objects'),
  kind('large-cache', 'heapUsed', 'objects'),
  kind('connection-pool', 'fds'),
  kind('timers', 'timers', 'heapUsed', 'objects'),
  kind('request-context', 'heapUsed', 'objects'),
  kind('event-bus', 'listeners', 'heapUsed', 'objects'),
  kind('write-buffer', 'heapUsed', 'objects'),
  kind('many-functions', 'heapUsed', 'objects'),
  kind('text-index', 'heapUsed'),
  kind('ttl-cache', 'heapUsed', 'objects'),
  kind('request-deadlines', 'heapUsed', 'objects'),
  kind('swept-sessions', 'heapUsed', 'objects'),
  kind('interval-sweeper', 'heapUsed', 'objects'),
  kind('compiled-rules', 'heapUsed'),
  sized(64, 1, 4),
  sized(256, 1, 4),
  sized(1_024, 1, 4),
];

const onHeap = (kind: LiveKind): LiveKind => ({ ...kind, shows: ['heapUsed'] });

/** Leaks of 1 and 4 B a cycle, which are for the pass of `--thorough`, and services whose code keeps V8 busy. */
export const thoroughKinds: readonly LiveKind[] = [
  onHeap(sized(64, 64, 16)),
  onHeap(sized(256, 256, 64)),
  kind('many-functions', 'heapUsed', 'objects'),
  kind('request-context', 'heapUsed', 'objects'),
  kind('text-index', 'heapUsed'),
];
