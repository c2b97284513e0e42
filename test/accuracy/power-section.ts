import { median } from '../../harness/analyse/statistics/order-statistics.js';
import { kinds } from './kinds.js';
import type { Section } from './section.js';
import { markdownTable, share, Tally } from './tally.js';
import type { Trace } from './trace.js';
import { judgeTrace } from './trace-judges.js';

const injections = [0, 4, 6, 8, 10, 12, 16, 32, 64, 256, 1024];
/** Kinds that settle within a trace; a sawtooth and a step need more floors than it has. */
const settled: ReadonlySet<string> = new Set(['stable', 'jit', 'fd']);
/** Larger than the budget: a plateau is then a missed leak. */
const missedFrom = 10;

/** Slopes added to the heap of quiescent traces that do not leak there: how small a leak is found. */
export function powerSection(traces: readonly Trace[]): Section {
  const bases = traces.filter(({ protocol, kind }) => protocol === 'q' && settled.has(kind) && kind in kinds);
  const failures: string[] = [];
  const rows = injections.map((bytes) => {
    const tally = new Tally();
    const errors: number[] = [];
    for (const trace of bases) {
      const { verdict, findings } = judgeTrace(trace, ['heapUsed'], bytes);
      tally.add(verdict);
      if (bytes > 0) errors.push(Math.abs(findings[0]!.slope.estimate / bytes - 1));
      if (bytes === 0 && verdict === 'leak') failures.push(`false leak on ${trace.name}`);
      if (bytes >= missedFrom && verdict === 'plateau')
        failures.push(`${bytes} B/cycle in ${trace.name} called plateau`);
    }
    return [
      String(bytes),
      tally.toString(),
      share(tally.leak, tally.all),
      bytes === 0 ? '-' : `${(100 * median(errors)).toFixed(1)} %`,
    ];
  });
  return {
    title: `Slopes added to ${bases.length} sound traces of about 13,000 cycles`,
    body: markdownTable(['B/cycle', 'leak / plateau / inconclusive', 'found', 'median error of the slope'], rows),
    failures,
  };
}
