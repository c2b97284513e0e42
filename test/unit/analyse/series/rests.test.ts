import { expect, test } from 'vitest';
import { restsOf } from '../../../../harness/analyse/series/rests.js';
import type { SamplePhase } from '../../../../harness/model/sample.js';
import { SampleTableBuilder } from '../../../../harness/model/sample-table.js';

type Row = readonly [phase: SamplePhase, cycles: number, elapsedMs: number, value: number];

function restsIn(rows: readonly Row[], loadRows: readonly number[] = []) {
  const builder = new SampleTableBuilder();
  for (const [round, [phase, cycles, elapsedMs, heapUsed]] of rows.entries())
    builder.add({
      kind: loadRows.includes(round) ? 'load' : 'floor',
      phase,
      round,
      elapsedMs,
      cycles,
      cyclesByOperation: {},
      values: { heapUsed },
    });
  const table = builder.table();
  return restsOf(table, table.metrics.get('heapUsed')!, table.length);
}

test('a rest goes on while connections are used, and ends where cycles are driven', () => {
  const rests = restsIn([
    ['measure', 1_000, 1_000, 50],
    ['rest', 1_000, 1_400, 49],
    ['rest', 1_010, 3_000, 48],
    ['control', 1_010, 3_100, 60],
    ['rest', 1_010, 3_500, 47],
    ['reload', 2_000, 5_000, 70],
    ['rest', 2_000, 5_100, 69],
  ]);
  expect(rests).toMatchObject([
    { cycles: 1_010, drivenMs: 1_000, values: [49, 48, 47] },
    { cycles: 2_000, drivenMs: 1_500, values: [69], atMs: [100] },
  ]);
});

test('what was measured since then is no rest of before', () => {
  const rests = restsIn([
    ['measure', 1_000, 1_000, 50],
    ['rest', 1_000, 2_000, 49],
    ['measure', 1_000, 2_500, 50],
    ['rest', 1_000, 3_000, 48],
  ]);
  expect(rests).toMatchObject([{ cycles: 1_000, values: [48], durationMs: 500 }]);
});

test('a rest follows the census where objects were counted in rounds since the one before, whatever was read under load', () => {
  const rows: readonly Row[] = [
    ['census', 900, 900, 50],
    ['measure', 1_000, 1_000, 50],
    ['rest', 1_000, 1_400, 49],
    ['census', 1_500, 2_000, 70],
    ['measure', 1_600, 2_200, 70],
    ['rest', 1_700, 2_500, 52],
    ['reload', 2_500, 5_000, 70],
    ['rest', 2_500, 5_100, 52],
  ];
  expect(restsIn(rows, [4]).map(({ followsCensus }) => followsCensus)).toEqual([false, true, false]);
});
