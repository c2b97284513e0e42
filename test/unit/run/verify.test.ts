import { describe, expect, it } from 'vitest';
import { meets, verificationRows } from '../../../harness/run/verify.js';
import { leakRecord } from '../../support/verified-records.js';

describe('meets', () => {
  const record = leakRecord([
    { metric: 'gauge.locks', unit: 'entries', verdict: 'leak', shape: 'linear', estimate: 1.01 },
    { metric: 'heapUsed', unit: 'B', verdict: 'leak', shape: 'linear', estimate: 110 },
    { metric: 'fds', unit: 'fds', verdict: 'plateau', shape: 'flat', estimate: 0 },
    { metric: 'fds.file', unit: 'fds', verdict: 'advisory', shape: 'linear', estimate: 1 },
  ]);

  it('the named metric must be the one that leaks', () => {
    expect(meets(record, { verdict: 'leak', metric: 'gauge.locks' })).toBe(true);
    expect(meets(record, { verdict: 'leak', metric: 'fds' })).toBe(false);
    expect(meets(record, { verdict: 'leak', metric: 'threads' })).toBe(false);
    expect(meets(record, { verdict: 'leak', metric: 'fds.file' })).toBe(true);
  });

  it('slopes within 2 % for counts and 15 % for bytes, or as declared', () => {
    expect(meets(record, { verdict: 'leak', metric: 'gauge.locks', perCycle: 1 })).toBe(true);
    expect(meets(record, { verdict: 'leak', metric: 'gauge.locks', perCycle: 0.98 })).toBe(false);
    expect(meets(record, { verdict: 'leak', metric: 'heapUsed', perCycle: 100 })).toBe(true);
    expect(meets(record, { verdict: 'leak', metric: 'heapUsed', perCycle: 90 })).toBe(false);
    expect(meets(record, { verdict: 'leak', metric: 'heapUsed', perCycle: 90, tolerance: 0.3 })).toBe(true);
  });

  it('shape and verdict must agree', () => {
    expect(meets(record, { verdict: 'leak', metric: 'heapUsed', shape: 'accelerating' })).toBe(false);
    expect(meets(record, { verdict: 'plateau' })).toBe(false);
  });
});

it('each scenario has a row for its sound target and one for each defect', () => {
  const operations = { a: { create: () => 1, destroy: () => undefined } };
  const rows = verificationRows([
    {
      name: 's/a',
      target: { pid: 1 },
      operations,
      sound: ['000-01'],
      defects: { x: { summary: '', audit: ['000-12'], expect: { verdict: 'leak' } } },
    },
  ]);
  expect(rows.map(({ defect, audit, expect: expected }) => [defect, audit, expected.verdict])).toEqual([
    [undefined, ['000-01'], 'plateau'],
    ['x', ['000-12'], 'leak'],
  ]);
});
