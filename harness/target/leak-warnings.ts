import type { OutputLog } from './output-log.js';

/** What a runtime or a library prints when it finds something that was not given back, and what it means. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [
    /Closing (?:a )?(?:file descriptor|FileHandle|directory handle)\b.*on garbage collection/i,
    'the garbage collector closed a file that the target never closed; the collections of plateau hide this leak',
  ],
  [/MaxListenersExceededWarning|Possible EventEmitter memory leak/, 'an emitter has more listeners than it should'],
  [/TimeoutOverflowWarning/, 'a timer was set for longer than 24.8 days, so it fires at once'],
  [/ResourceWarning: unclosed|Unclosed (?:client session|connector)/, 'something was collected before it was closed'],
  [/\bLEAK: \w+.*was not (?:called|released)/, 'a buffer was collected before it was released'],
];
const lineMax = 160;

/** One kind of line that points at a leak. */
export interface LeakWarning {
  /** As the target printed it first. */
  readonly line: string;
  readonly meaning: string;
  readonly count: number;
}

/** Counts such lines while the target prints them. */
export function countLeakWarnings(output: OutputLog): () => readonly LeakWarning[] {
  const counted = new Map<string, LeakWarning>();
  output.onLine((line) => {
    const found = patterns.find(([pattern]) => pattern.test(line));
    if (found === undefined) return;
    const [, meaning] = found;
    const { count = 0, line: first = line.trim().slice(0, lineMax) } = counted.get(meaning) ?? {};
    counted.set(meaning, { line: first, meaning, count: count + 1 });
  });
  return () => [...counted.values()];
}
