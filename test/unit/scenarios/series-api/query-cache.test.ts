import { describe, expect, test } from 'vitest';
import { chooseMeasure } from '../../../../scenarios/series-api/target/defects/estimates.js';
import { type CachedAnswer, measureBytes, QueryCache } from '../../../../scenarios/series-api/target/query-cache.js';

/** An answer of 20 rows of two cells; `lengthOf` shows the length of the second. */
function answerOf(lengthOf: (row: number) => number): CachedAnswer {
  const rows = Array.from({ length: 20 }, (_, row) => [row, 'x'.repeat(lengthOf(row))]);
  return { rows, bytes: Buffer.from(JSON.stringify(rows)) };
}

const limits = { entries: 50, bytes: 64 * 1024 };
const wide = answerOf(() => 1_000);
const skewed = answerOf((row) => (row < 10 ? 1 : 1_000));
const small = answerOf(() => 5);

function heldAfter(cache: QueryCache, answer: CachedAnswer): number {
  for (let query = 0; query < 200; query += 1) cache.put(`query ${query}`, answer);
  return cache.heldBytes;
}

describe('bytes held after 200 queries, limit 64 KiB and 50 entries', () => {
  test.each([
    ['wide', wide],
    ['skewed', skewed],
    ['small', small],
  ])('measured, %s cells: never above the limit', (_cells, answer) => {
    const cache = new QueryCache(limits, measureBytes);
    expect(heldAfter(cache, answer)).toBeLessThanOrEqual(limits.bytes);
    expect(cache.claimedBytes).toBe(cache.heldBytes);
  });

  test.each([
    ['fixed-estimate', 'wide', wide],
    ['first-rows-estimate', 'skewed', skewed],
  ] as const)('%s, %s cells: far above the limit while it claims to keep it', (defect, _cells, answer) => {
    const cache = new QueryCache(limits, chooseMeasure(new Set([defect])));
    expect(heldAfter(cache, answer)).toBeGreaterThan(3 * limits.bytes);
    expect(cache.claimedBytes).toBeLessThanOrEqual(limits.bytes);
  });

  test.each([
    ['fixed-estimate', 'small', small],
    ['first-rows-estimate', 'wide', wide],
  ] as const)('%s, %s cells: does no harm', (defect, _cells, answer) => {
    expect(heldAfter(new QueryCache(limits, chooseMeasure(new Set([defect]))), answer)).toBeLessThanOrEqual(
      limits.bytes,
    );
  });
});

test('the answers used last stay; an answer larger than the cache never goes in', () => {
  const cache = new QueryCache({ entries: 2, bytes: 1_000 }, measureBytes);
  for (const query of ['a', 'b']) cache.put(query, small);
  expect(cache.get('a')).toBe(small.bytes);
  cache.put('c', small);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([small.bytes, undefined, small.bytes]);
  cache.put('c', wide);
  expect([cache.get('c'), cache.size]).toEqual([undefined, 1]);
});
