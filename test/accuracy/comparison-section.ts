import { compareRuns } from '../../harness/analyse/comparison/compare.js';
import type { ComparisonWord } from '../../harness/model/comparison.js';
import { kinds } from './kinds.js';
import type { Section } from './section.js';
import { markdownTable, share } from './tally.js';
import type { Trace } from './trace.js';
import { runOfTrace } from './trace-judges.js';

/** Kinds that settle within a trace. */
const settled = ['stable', 'jit', 'fd'] as const;
const injections = [4, 8, 12, 16, 24, 32, 64];
/** As many comparisons of each size as this, evenly over the pairs. */
const pairsMax = 120;
/** Larger than the threshold by so much that most of them must be seen. */
const seenFrom = 16;

type Pair = readonly [before: Trace, after: Trace];

/** Heaps of recorded services compared with each other: runs of the same service, and of one that grows by more. */
export function comparisonSection(traces: readonly Trace[]): Section {
  const same = settled.flatMap((kind) =>
    pairsOf(traces.filter((trace) => trace.protocol === 'q' && trace.kind === kind)),
  );
  const failures = same.flatMap(([before, after]) => {
    const word = wordOf([before, after], 0);
    return word === 'unchanged' ? [] : [`${before.name} against ${after.name}, the same service: ${word}`];
  });
  const chosen = evenly(same, pairsMax);
  const added = injections.map((bytes) => {
    const words = chosen.map((pair) => wordOf(pair, bytes));
    const seen = words.filter((word) => word === 'worse' || word === 'new leak').length;
    if (bytes >= seenFrom && seen < words.length * 0.95)
      failures.push(`${bytes} B/cycle more: seen in ${seen} of ${words.length} comparisons`);
    return [`${bytes} B/cycle added`, String(words.length), share(seen, words.length), countText(words)];
  });
  const fixes = fixedPairs(traces).map(([kind, pairs]) => {
    const words = pairs.map((pair) => wordOf(pair, 0));
    const seen = words.filter((word) => word === 'fixed' || word === 'improved').length;
    return [`stable after ${kind}`, String(words.length), share(seen, words.length), countText(words)];
  });
  const unchanged = same.length - failures.filter((line) => line.includes('the same service')).length;
  return {
    title: 'Comparisons of recorded traces',
    body: [
      `Two traces of the same service (${settled.join(', ')}), each with each, both ways: ${share(unchanged, same.length)} are \`unchanged\`.`,
      markdownTable(['after against before', 'comparisons', 'change seen', 'words'], [...added, ...fixes]),
    ].join('\n\n'),
    failures,
  };
}

function wordOf([before, after]: Pair, bytes: number): ComparisonWord {
  const [left, right] = [runOfTrace(before, ['heapUsed']), runOfTrace(after, ['heapUsed'], bytes)];
  return compareRuns(left, right, { force: true }).metrics[0]!.word;
}

function pairsOf(traces: readonly Trace[]): Pair[] {
  return traces.flatMap((before) => traces.filter((after) => after !== before).map((after): Pair => [before, after]));
}

function fixedPairs(traces: readonly Trace[]): [string, Pair[]][] {
  const of = (kind: string) => traces.filter((trace) => trace.protocol === 'q' && trace.kind === kind);
  const leaking = Object.keys(kinds).filter((kind) => (kinds[kind]!.bytesPerCycle ?? 0) >= seenFrom);
  return leaking
    .map((kind): [string, Pair[]] => [
      kind,
      evenly(
        of(kind).flatMap((before) => of('stable').map((after): Pair => [before, after])),
        30,
      ),
    ])
    .filter(([, pairs]) => pairs.length > 0);
}

function evenly<T>(all: readonly T[], most: number): T[] {
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(most, all.length) }, (_, index) => all[Math.floor(index * step)]!);
}

function countText(words: readonly ComparisonWord[]): string {
  const counts = new Map<ComparisonWord, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
