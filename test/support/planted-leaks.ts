export interface PlantedLeak {
  /** Growth per cycle that a measuring pass finds, gravest first. */
  readonly growth: Readonly<Record<string, number>>;
  /** The end of the retaining path: what holds it. */
  readonly holder?: RegExp;
  readonly cycles?: number;
  readonly driveMs?: number;
}

/** The leaks of `test/fixtures/attribution`, by file; each marks its line with `planted`. */
export const plantedLeaks: Readonly<Record<string, PlantedLeak>> = {
  'map-entry': { growth: { heapUsed: 155 }, holder: /^store: SessionStore \(.*map-entry\.mjs\) \.#byId: Map$/ },
  'string-map': { growth: { heapUsed: 197 }, holder: /^translations: Map \(/ },
  'regexp-cache': { growth: { heapUsed: 469 }, holder: /^patterns: Map \(/ },
  'pending-requests': { growth: { heapUsed: 845 }, holder: /^pending: Map \(/ },
  'tenant-queues': { growth: { heapUsed: 128 }, holder: /^queues: Map \(.*\) \[\.\.\.\]: Queue \.jobs: Array$/ },
  'socket-set': { growth: { heapUsed: 866 }, holder: /^sockets: Set \(/, driveMs: 800 },
  'suspended-generator': { growth: { heapUsed: 359 }, holder: /^readers: Set \(/ },
  'closure-in-array': { growth: { heapUsed: 140 }, holder: /^cleanups: Array \(/ },
  'collected-errors': { growth: { heapUsed: 739 }, holder: /^report: Object \(.*\) \.errors: Array$/ },
  'array-index': { growth: { heapUsed: 181 }, holder: /^state: Object \(.*\) \.log: Array$/ },
  'number-array': { growth: { heapUsed: 151 }, holder: /^latencies: Array \(/ },
  'static-field': { growth: { heapUsed: 93 }, holder: /^Widget: function \(.*\) \.#instances: Array$/ },
  'family-tree': { growth: { heapUsed: 135 }, holder: /^root: Span \(.*\) \.children: Array$/ },
  'object-keys': { growth: { heapUsed: 260 }, holder: /^cache: Object / },
  'bare-dictionary': { growth: { heapUsed: 175 }, holder: /^byToken: Object \(/ },
  'function-property': { growth: { heapUsed: 262 }, holder: /^factor: function \(.*\) \.answers: Object$/ },
  'global-cache': { growth: { heapUsed: 231 }, holder: /^global \.__queries: Object$/ },
  'spread-state': { growth: { heapUsed: 160 }, holder: /^state: Object \(/ },
  'string-concat': { growth: { heapUsed: 180 }, holder: /^transcript: string \(/ },
  'linked-list': { growth: { heapUsed: 82 }, holder: /^newest: Object|^newest/ },
  'previous-closure': { growth: { heapUsed: 252 }, holder: /^handler: handler \(/ },
  'async-context': { growth: { heapUsed: 196 }, holder: /^latest: Object \(/ },
  'promise-reactions': { growth: { heapUsed: 520 }, holder: /^closed: Promise \(/ },
  'finalization-registry': { growth: { heapUsed: 356 }, holder: /^registry: FinalizationRegistry \(/ },
  'required-modules': { growth: { heapUsed: 1_690 }, holder: /^require\.cache$/, driveMs: 1_300 },
  'imported-modules': { growth: { heapUsed: 2_770 }, holder: /^imported modules: of Node/, driveMs: 1_300 },
  'weak-map-value': { growth: { heapUsed: 221 }, holder: /(?:answersOf|service): .*\[\.\.\.\]: Map$/ },
  'proxy-cache': { growth: { heapUsed: 175 }, holder: /^model: JSProxy \(.*\) .*\.observers$/ },
  'circular-structure': { growth: { heapUsed: 223 }, holder: /^house: House \(.*\) \.rooms: Set$/ },
  'emitter-listener': {
    growth: { listeners: 1, heapUsed: 315 },
    holder: /^bus: EventEmitter \(.*\) listeners of EventEmitter 'configure'$/,
  },
  'abort-listener': {
    growth: { heapUsed: 330, listeners: 1 },
    holder: /^shutdown: AbortController \(.*\) .* listeners of AbortSignal 'abort'$/,
  },
  'process-listener': { growth: { heapUsed: 388 }, holder: /^process listeners of process 'exit'$/ },
  'channel-subscriber': { growth: { heapUsed: 240 }, holder: /^channel: Channel \(.*\) \._subscribers$/ },
  'piped-stream': { growth: { heapUsed: 1_622 }, holder: /^feed: PassThrough \(/ },
  'event-iterator': { growth: { heapUsed: 34_200 }, holder: /^bus: EventEmitter \(/, driveMs: 500 },
  'buffer-slice': { growth: { arrayBuffers: 16_384 }, holder: /^tokens: Array / },
  'pooled-buffer': { growth: { arrayBuffers: 631, external: 631, heapUsed: 119 }, holder: /^headers: Array \(/ },
  'typed-arrays': { growth: { arrayBuffers: 8_192, external: 8_192 }, holder: /^frames: Map \(/ },
  'open-deflate': {
    growth: { arrayBuffers: 16_392, external: 16_392, heapUsed: 1_587 },
    holder: /^compressors: Map \(/,
    driveMs: 600,
  },
  'unref-interval': { growth: { timers: 1, heapUsed: 332 }, holder: /^timers: of Node/ },
  'watched-file': { growth: { 'handles.FSEventWrap': 1, heapUsed: 492 }, holder: /^open handles: FSEventWrap$/ },
  'message-channel': { growth: { heapUsed: 2_652 }, holder: /^open handles: MessagePort$/ },
  'open-descriptor': { growth: { fds: 1 } },
  'open-stream': { growth: { fds: 1 } },
  'open-socket': { growth: { fds: 2, 'handles.TCPSocketWrap': 2 }, driveMs: 1_000 },
  'datagram-socket': { growth: { fds: 1, heapUsed: 556, 'handles.UDPWrap': 1 }, driveMs: 500 },
  'idle-agents': { growth: { fds: 2, heapUsed: 5_734 }, driveMs: 1_500 },
  'worker-map': { growth: { workerHeapUsed: 255 }, holder: /^summaries: Map \(/ },
  'running-worker': { growth: { threads: 1, fds: 4 }, cycles: 20, driveMs: 1_000 },
  'running-child': { growth: { children: 1 }, cycles: 200, driveMs: 1_000 },
  'temporary-file': { growth: { tempFiles: 1 }, driveMs: 1_000 },
};
