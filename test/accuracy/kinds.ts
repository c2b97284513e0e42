/** What a recorded service does, as it was built. */
export type Truth =
  /** Holds nothing for good. */
  | 'sound'
  /** A cache with room for more than was driven: neither a leak nor a plateau can be right yet. */
  | 'filling'
  | 'leak';

export interface Kind {
  readonly truth: Truth;
  /** Heap bytes a cycle, where they are known. */
  readonly bytesPerCycle?: number;
  readonly what: string;
}

/** By the name of a trace without protocol and seed. */
export const kinds: Readonly<Record<string, Kind>> = {
  stable: { truth: 'sound', what: 'HTTP service: session, items, emitter and timer made and dropped' },
  jit: { truth: 'sound', what: 'the same with 400 functions that become hot one by one' },
  saw: { truth: 'sound', what: 'log buffer, flushed every 1,200 to 1,800 cycles' },
  step: { truth: 'sound', what: '2.4 MB taken once' },
  cachecyc: { truth: 'sound', what: 'memo over 1,500 keys that come round' },
  cache: { truth: 'filling', what: 'memo over 1,500 to 6,000 random keys' },
  leak1: { truth: 'leak', bytesPerCycle: 1, what: '32 B every 32 cycles' },
  leak4: { truth: 'leak', bytesPerCycle: 4, what: '32 B every 8 cycles' },
  leak16: { truth: 'leak', bytesPerCycle: 16, what: '32 B every other cycle' },
  leak64: { truth: 'leak', bytesPerCycle: 64, what: 'linked list' },
  leak256: { truth: 'leak', bytesPerCycle: 256, what: 'linked list' },
  leak1k: { truth: 'leak', bytesPerCycle: 1024, what: 'linked list' },
  leak10k: { truth: 'leak', bytesPerCycle: 10_240, what: 'linked list' },
  leakerr: { truth: 'leak', bytesPerCycle: 10.24, what: '1 KiB on one cycle in a hundred' },
  leakmap: { truth: 'leak', what: 'a forgotten Map entry a cycle' },
  leakrare: { truth: 'leak', what: 'one object of 32 B in 2,000 cycles' },
  leakstr: { truth: 'leak', what: 'strings in an array' },
  sqrt: { truth: 'leak', what: '1,920 √cycles bytes' },
  native: { truth: 'leak', what: 'a Buffer of 1 KiB kept a cycle' },
  fd: { truth: 'leak', what: 'one open descriptor in 50 cycles, heap sound' },
  timer: { truth: 'leak', what: 'one interval in 10 cycles' },
  listener: { truth: 'leak', what: 'one closure on an emitter in 10 cycles' },
};

/** By the first part of a trace's name. */
export const protocols: Readonly<Record<string, string>> = {
  q: 'quiescent',
  long: 'quiescent, long',
  qx: 'quiescent, objects counted',
  jitless: 'interpreter only (--jitless)',
  noopt: 'no optimising compiler (--no-opt)',
  ignition: 'interpreter only (--no-opt --no-sparkplug)',
  n: 'naive: under load, no collection',
};

export const interpreterOnly: ReadonlySet<string> = new Set(['jitless', 'noopt', 'ignition']);
