import { fileURLToPath } from 'node:url';

/** A kind of service that is soaked live, sound and with a leak planted. */
export interface LiveKind {
  readonly name: string;
  readonly module: string;
  /** Metrics any of which shows its leak. */
  readonly shows: readonly string[];
}

const kind = (name: string, ...shows: string[]): LiveKind => ({
  name,
  module: fileURLToPath(new URL(`services/${name}.mjs`, import.meta.url)),
  shows,
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
];
