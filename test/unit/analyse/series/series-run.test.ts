import { expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import { storedRunFromSeries } from '../../../../harness/analyse/series/series-run.js';
import { unitBytesOf } from '../../../../harness/model/column-unit.js';
import { seededRandom } from '../../../../harness/platform/random.js';

const rows = 60;
const column = (value: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => value(row));
const ops = column((row) => 220 * (row + 1));
const random = seededRandom('series');
const level = column(() => 8e6 + 9_000 * random());
const series = (columns: Readonly<Record<string, Float64Array>>, more: object = {}) =>
  storedRunFromSeries({ name: 'soak', columns: new Map(Object.entries({ ops, ...columns })), x: 'ops', ...more });
const verdictOf = (run: ReturnType<typeof series>, metric: string) =>
  judge(run).findings.find((finding) => finding.metric === metric)?.verdict;

test('columns named after metrics are judged as those', () => {
  const run = series({ heapUsed: level, fds: column((row) => 20 + 220 * row), note: column(() => 1) });
  expect(judge(run).findings.map(({ metric, verdict }) => [metric, verdict])).toEqual([
    ['fds', 'leak'],
    ['heapUsed', 'plateau'],
  ]);
});

test('any other name is judged when it is asked for: large values as bytes, whole ones as counts', () => {
  const run = series({ 'jvm heap': level, tickets: column((row) => 220 * row) }, { metrics: ['jvm heap', 'tickets'] });
  expect(run.manifest.channels).toEqual({ 'jvm heap': 'bytes', tickets: 'count' });
  expect(verdictOf(run, 'jvm heap')).toBe('plateau');
  expect(verdictOf(run, 'tickets')).toBe('leak');
});

test.each([
  ['heap_b', 1],
  ['heap_BYTES', 1],
  ['rssBytes', 1],
  ['heap_kb', 1024],
  ['heapKiB', 1024],
  ['heap_MiB', 1024 ** 2],
  ['heapMB', 1024 ** 2],
  ['jvm heap (MB)', 1024 ** 2],
  ['pod.rss.gb', 1024 ** 3],
  ['thumb', undefined],
  ['groupB', undefined],
  ['sessions', undefined],
])('the unit at the end of %s is %s B', (name, bytes) => {
  expect(unitBytesOf(name)).toBe(bytes);
});

test('a column whose name ends with a unit is judged in bytes', () => {
  const values = column((row) => 80 + row / 10);
  const { verdict, findings } = judge(series({ heap_mb: values }, { metrics: ['heap_mb'] }));
  expect(verdict).toBe('leak');
  expect(findings[0]).toMatchObject({ metric: 'heap_mb', unit: 'B', first: 80 * 1024 ** 2 });
  expect(findings[0]!.slope.estimate).toBeCloseTo((0.1 * 1024 ** 2) / 220, 0);
});

test('a level in whole megabytes is no plateau unless the cycles are many; its growth is a leak all the same', () => {
  const judged = (values: Float64Array, cycles = 220) =>
    judge(series({ ops: column((row) => cycles * (row + 1)), heap_mb: values }, { metrics: ['heap_mb'] }));
  const { verdict, reason } = judged(column(() => 80));
  expect(verdict).toBe('inconclusive');
  expect(reason).toMatch(
    /^audit rounding:heap_mb failed: expected .* in steps of 1 MiB; record more decimals, or bytes$/,
  );
  expect(judged(column(() => 80 + Math.round(random() * 4) / 1000)).verdict).toBe('plateau');
  expect(
    judged(
      column(() => 80),
      10_000,
    ).verdict,
  ).toBe('plateau');
  expect(judged(column((row) => 80 + row)).verdict).toBe('leak');
  expect(
    judged(
      column(() => 80),
      0,
    ).reason,
  ).toContain('cannot be judged by the cycle');
});

test('fractions of an unknown unit are no plateau, and the reason says how to name it', () => {
  const run = series({ 'jvm heap': column((row) => 80 + row / 1000) }, { metrics: ['jvm heap'] });
  const { verdict, reason } = judge(run);
  expect(verdict).toBe('inconclusive');
  expect(reason).toMatch(/^audit unit:jvm heap failed: expected .* got fractions .* call it e\.g\. jvm_heap_mb$/);
});

test('compiled code beside the heap is left out of it', () => {
  const code = column((row) => 40_000 * row);
  const heapUsed = level.map((value, row) => value + code[row]!);
  expect(verdictOf(series({ heapUsed }), 'heapUsed')).toBe('leak');
  expect(verdictOf(series({ heapUsed, code }), 'heapUsed')).toBe('plateau');
});

test('resident memory alone decides; beside a heap it only accompanies', () => {
  const rss = column((row) => 60e6 + 3e6 * row);
  expect(verdictOf(series({ rss }), 'rss')).toBe('leak');
  expect(verdictOf(series({ rss, heapUsed: level.map((value, row) => value + 3e6 * row) }), 'rss')).toBe('advisory');
});

test('a column that starts far from zero counts from its first row', () => {
  const epoch = column((row) => 1_760_000_000 + 60 * row);
  const run = storedRunFromSeries({
    name: 'soak',
    columns: new Map([
      ['time', epoch],
      ['heapUsed', level],
    ]),
    x: 'time',
  });
  expect(run.samples.cycles[0]).toBe(0);
  expect(run.samples.cycles.at(-1)).toBe(60 * 59);
});

test('a column that starts below zero counts from its first row', () => {
  const run = series({ ops: column((row) => 220 * row - 20_000), heapUsed: level });
  expect(run.samples.cycles[0]).toBe(0);
  expect(run.samples.cycles.at(-1)).toBe(220 * 59);
});

test('a column that stands still is no reason to judge', () => {
  const { verdict, reason, findings } = judge(series({ ops: column(() => 5), heapUsed: level }));
  expect(verdict).toBe('inconclusive');
  expect(reason).toMatch(/^heapUsed cannot be judged by the cycle: the cycles of its 60 floors do not move/);
  expect(findings[0]?.cyclesToDecide).toBeUndefined();
});

test('a column that is not there is named', () => {
  expect(() => series({}, { metrics: ['heapused'] })).toThrowError(/soak: expected a column `heapused`, got ops/);
});

test.each(['constructor', '__proto__', 'toString'])('a column called %s is judged as any other', (name) => {
  const columns = new Map([
    ['ops', ops],
    [name, column((row) => 220 * row)],
  ]);
  const run = storedRunFromSeries({ name: 'soak', columns, x: 'ops', metrics: [name] });
  expect(judge(run).findings).toMatchObject([{ metric: name, verdict: 'leak', budget: expect.any(Number) }]);
});
