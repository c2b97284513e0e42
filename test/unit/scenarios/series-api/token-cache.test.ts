import { afterEach, expect, test, vi } from 'vitest';
import { createTokenCache } from '../../../../scenarios/series-api/target/defects/token-caches.js';
import type { TokenCache } from '../../../../scenarios/series-api/target/token-cache.js';

afterEach(() => {
  vi.useRealTimers();
});

const limits = { entries: 3, timeToLiveMs: 30_000 };

/** Sizes after each of six tokens was used once and revoked. */
function sizesOver(cache: TokenCache): number[] {
  return Array.from({ length: 6 }, (_, id) => {
    cache.set(`hash ${id}`, { id, owner: 'client' });
    expect(cache.get(`hash ${id}`)).toEqual({ id, owner: 'client' });
    cache.revoke(`hash ${id}`);
    return cache.size;
  });
}

test('revoked tokens go; without that they fill the cache; without a limit there is no end', () => {
  expect(sizesOver(createTokenCache(new Set(), limits))).toEqual([0, 0, 0, 0, 0, 0]);
  expect(sizesOver(createTokenCache(new Set(['token-cache-without-revocation']), limits))).toEqual([1, 2, 3, 3, 3, 3]);
  expect(sizesOver(createTokenCache(new Set(['unbounded-token-cache']), limits))).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a token is known for its time, and the ones used last push the others out', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const cache = createTokenCache(new Set(), limits);
  for (const id of [1, 2, 3]) cache.set(`hash ${id}`, { id, owner: 'client' });
  cache.get('hash 1');
  cache.set('hash 4', { id: 4, owner: 'client' });
  expect(cache.get('hash 2')).toBeUndefined();
  expect(cache.get('hash 1')).toMatchObject({ id: 1 });
  vi.advanceTimersByTime(limits.timeToLiveMs);
  expect(cache.get('hash 1')).toBeUndefined();
  expect(cache.size).toBe(2);
});
