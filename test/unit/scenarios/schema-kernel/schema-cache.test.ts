import type { ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../../../scenarios/schema-kernel/target/compile-schema.js';
import {
  ArbitraryEvictionCache,
  DeadlockingCache,
  UnboundedSchemaCache,
} from '../../../../scenarios/schema-kernel/target/defects/schema-caches.js';
import { compileAndRemove } from '../../../../scenarios/schema-kernel/target/defects/shared-compiler.js';
import { LruSchemaCache, type SchemaCache } from '../../../../scenarios/schema-kernel/target/schema-cache.js';

/** Reads the hashes one after the other; shows which of them had to be compiled. */
async function misses(cache: SchemaCache, hashes: string): Promise<string> {
  let missed = '';
  for (const hash of hashes) {
    await cache.get(hash, () => {
      missed += hash;
      return (() => true) as unknown as ValidateFunction;
    });
  }
  return missed;
}

describe('three places, one schema always in use, others passing by', () => {
  const reads = 'abaxabaycazaqabareas';

  test('least recently used: the hot one is compiled once', async () => {
    const cache = new LruSchemaCache(3);
    const missed = await misses(cache, reads);
    expect(missed.match(/a/g)).toHaveLength(1);
    expect(cache.size).toBe(3);
  });

  test('whichever comes first: the hot one is pushed out again and again', async () => {
    const cache = new ArbitraryEvictionCache(3);
    const missed = await misses(cache, reads);
    expect(missed.match(/a/g)?.length).toBeGreaterThan(1);
    expect(cache.size).toBe(3);
  });

  test('without eviction: one place for each', async () => {
    const cache = new UnboundedSchemaCache();
    await misses(cache, reads);
    expect(cache.size).toBe(new Set(reads).size);
  });
});

test('the deadlock waits for itself at the first eviction, and everyone after it too', async () => {
  const cache = new DeadlockingCache(2);
  expect(await misses(cache, 'abab')).toBe('ab');
  const settled: string[] = [];
  for (const hash of 'ca') void misses(cache, hash).then(() => settled.push(hash));
  await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toEqual([]);
});

test.each([
  ['a compiler of its own', compileSchema],
  ['one compiler for all', compileAndRemove],
])('%s judges alike', (_name, compile) => {
  const validate = compile({
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { version: { const: 7 } },
    required: ['version'],
  });
  expect(validate({ version: 7 })).toBe(true);
  expect(validate({ version: 8 })).toBe(false);
  expect(() => compile({ type: 'integr' })).toThrow();
});
