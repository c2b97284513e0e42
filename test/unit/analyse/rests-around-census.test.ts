import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import type { SamplePhase } from '../../../harness/model/sample.js';
import { syntheticRun } from '../../support/synthetic-run.js';

describe('a heap that swings while it is driven', () => {
  /** Driven, two rests with cycles between them, the census, and further rests with cycles between them. */
  const phases: readonly (readonly [SamplePhase, number])[] = [
    ['measure', 60],
    ['rest', 6],
    ['reload', 6],
    ['rest', 6],
    ['census', 14],
    ['rest', 6],
    ['reload', 6],
    ['rest', 6],
  ];
  const order = phases.flatMap(([phase, floors]) => Array.from({ length: floors }, () => phase));
  const firstCensus = order.indexOf('census');
  const verdictOf = (bytesPerCycle: number) => {
    const run = syntheticRun({
      floors: order.length,
      settleMs: 300,
      phaseOf: (floor) => order[floor]!,
      metrics: {
        heapUsed: ({ cycles, floor, random }) =>
          8e6 +
          (order[floor] === 'rest' ? 0 : 3e6 * random()) +
          bytesPerCycle * cycles +
          // What counting objects took away comes back.
          (floor > firstCensus ? 20e3 * (floor - firstCensus) : 0),
      },
    });
    return judge(run).findings.find(({ metric }) => metric === 'heapUsed');
  };

  test('and was flat from rest to rest stays so, when what the census took away comes back', () => {
    expect(verdictOf(0)).toMatchObject({ verdict: 'plateau', rule: { name: 'flat-from-rest-to-rest' } });
    expect(verdictOf(300)?.verdict).not.toBe('plateau');
  });
});
