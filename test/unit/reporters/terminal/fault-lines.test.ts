import { expect, test } from 'vitest';
import type { RunRecord } from '../../../../harness/model/run-record.js';
import { styleFor } from '../../../../reporters/format/style.js';
import { faultBlocks } from '../../../../reporters/terminal/fault-lines.js';
import { findingWith, recordWith } from '../../../support/record-with.js';

const latency = Object.fromEntries(
  [
    ['GET /', 400],
    ['GET / (aborted)', 60],
    ['GET / (stalled)', 3],
  ].map(([name, count]) => [`${name}.create`, { count, p50: 1, p90: 1, p99: 1, max: 1 }]),
) as NonNullable<RunRecord['latency']>;

const slope = { estimate: 100, low: 90, high: 110, unit: 'B/cycle' };
const linesOf = (changes: Partial<RunRecord>) =>
  faultBlocks(recordWith({ latency, ...changes }), styleFor(false)).flat();

test('what leaks by a fault has its growth, what may leak by another has its interval', () => {
  const shares = [
    { operation: 'GET /', grows: 'no', slope: { estimate: 0, low: -1, high: 1 } },
    { operation: 'GET / (aborted)', grows: 'yes', slope: { estimate: 1000, low: 900, high: 1100 } },
    { operation: 'GET / (stalled)', grows: 'unclear', slope: { estimate: 50, low: -400, high: 500 } },
  ] as const;
  const findings = [findingWith({ metric: 'heapUsed', verdict: 'leak', slope, byOperation: [...shares] })];
  expect(linesOf({ verdict: 'leak', findings })).toEqual([
    '✓ GET /            400 cycles',
    '✗ GET / (aborted)  60 cycles: heapUsed +1,000 B/cycle',
    '? GET / (stalled)  3 cycles',
    '    heapUsed may grow by it: [-400 +50 +500] B/cycle',
    '? one is not distinguished from those that grow yet: repeat with a longer --duration',
  ]);
});

test('growth that no operation was found for leaves each of them open, with that reason', () => {
  const findings = [
    findingWith({ metric: 'fds', unit: 'fds', verdict: 'leak', slope: { ...slope, unit: 'fds/cycle' } }),
  ];
  const lines = linesOf({ verdict: 'leak', findings });
  expect(
    lines.filter((line) => line === '    fds grows, and the operation that it grows by is not known'),
  ).toHaveLength(3);
  expect(lines.at(-1)).toMatch(/^\? 3 are not distinguished/);
});

test('an undecided run names what is undecided, or its reason', () => {
  const metrics = ['heapUsed', 'rss', 'fds', 'external'];
  const findings = metrics.map((metric) => findingWith({ metric, verdict: 'inconclusive' }));
  expect(linesOf({ verdict: 'inconclusive', findings }).at(-1)).toBe(
    '? 3 are not shown to be sound: the run left heapUsed, rss, fds and 1 more undecided',
  );
  expect(linesOf({ verdict: 'inconclusive', reason: 'The load did not land.' }).at(-1)).toBe(
    '? 3 are not shown to be sound: The load did not land.',
  );
});

test('a run that passes marks each as sound, and one without faults shows no table', () => {
  expect(linesOf({ verdict: 'plateau' }).every((line) => line.startsWith('✓'))).toBe(true);
  expect(faultBlocks(recordWith({}), styleFor(false))).toEqual([]);
});
