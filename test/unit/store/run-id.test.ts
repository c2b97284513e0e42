import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../harness/platform/random.js';
import { createRunId, isRunId } from '../../../harness/store/run-id.js';

test('ids name the moment in UTC', () => {
  expect(createRunId(Date.UTC(2026, 0, 31, 23, 59, 59, 999), () => 0.5)).toBe('20260131-235959-rriii');
});

test('ids sort by time to the millisecond', () => {
  const moment = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
  fc.assert(
    fc.property(moment, moment, fc.integer(), (first, second, seed) => {
      fc.pre(first < second);
      const random = seededRandom(seed);
      const [before, after] = [createRunId(first, random), createRunId(second, random)];
      expect(before < after).toBe(true);
      expect(isRunId(before)).toBe(true);
    }),
  );
});
