import { describe, expect, type TestContext, test } from 'vitest';
import type { Expectation } from '../../harness/model/scenario.js';
import { builtScenario, type Floor, startBuiltIn } from '../support/built-in-target.js';

const warmup = 20;
const cycles = 40;

/** The scenario's own number of cycles at a time. */
async function growth(name: string, defects: readonly string[], { onTestFinished }: TestContext) {
  const { concurrency = 1 } = await builtScenario(`branch-store/${name}`);
  const target = await startBuiltIn(`branch-store/${name}`, defects, onTestFinished);
  await target.drive(warmup, { concurrency });
  const before = await target.floor();
  const outcome = await target.drive(cycles, { concurrency });
  expect(outcome.failures).toEqual([]);
  const after = await target.floor();
  expect(await target.stop()).toBe(0);
  return (metric: string) => (valueIn(after, metric) - valueIn(before, metric)) / cycles;
}

function valueIn(floor: Floor, metric: string): number {
  if (metric === 'fds') return floor.openFiles;
  if (metric === 'tempFiles') return floor.temporaryFiles;
  if (metric === 'arrayBuffers') return floor.arrayBuffersBytes;
  return floor.gauges[metric.slice('gauge.'.length)]!;
}

const exact = [
  ['branches', 'commit-locks'],
  ['branches', 'search-postings'],
  ['branches', 'version-chains'],
  ['branches', 'deleting-unmarked'],
  ['updates', 'version-chains'],
  ['updates', 'gc-on-demand'],
  ['keys', 'gc-keeps-tombstones'],
  ['keys', 'version-chains'],
  ['retention', 'retention-ignored'],
  ['ttl', 'ttl-not-swept'],
  ['search', 'search-postings'],
  ['transactions', 'stale-write-modes'],
  ['transaction-bursts', 'pool-no-cap'],
  ['sessions', 'session-orphans'],
  ['wal', 'wal-handles'],
  ['recovery', 'segment-read-handle'],
  ['recovery', 'segment-append-handle'],
  ['recovery', 'dropped-writer-handle'],
  ['recovery', 'snapshot-handle'],
  ['recovery', 'export-handle'],
  ['recovery', 'manifest-handle'],
  ['replay', 'replay-appends'],
  ['manifest', 'rename-failure-temp'],
  ['manifest', 'directory-handle'],
] as const;

test.concurrent.for(exact)('%s with %s grows by exactly what is declared', async ([name, defect], context) => {
  const expected = declared(await builtScenario(`branch-store/${name}`), defect);
  expect(expected.verdict).toBe('leak');
  expect((await growth(name, [defect], context))(expected.metric!)).toBe(expected.perCycle);
});

test.concurrent.for([
  ['branches', 'vector-backends'],
  ['vectors', 'slab-no-free-list'],
  ['collections', 'collection-backends'],
] as const)('%s with %s grows by the declared bytes', async ([name, defect], context) => {
  const expected = declared(await builtScenario(`branch-store/${name}`), defect);
  const perCycle = (await growth(name, [defect], context))('arrayBuffers');
  // A slab more or less than the cycles account for.
  expect(Math.abs(perCycle - expected.perCycle!)).toBeLessThan(4096 / cycles + expected.perCycle! * 0.15);
});

function declared(scenario: { defects?: Readonly<Record<string, { expect: Expectation }>> }, defect: string) {
  return scenario.defects![defect]!.expect;
}

const flat = ['fds', 'tempFiles', 'gauge.versions', 'gauge.keys', 'gauge.commitLocks', 'gauge.postings'].concat([
  'gauge.vectorSlabs',
  'gauge.shards',
  'gauge.branches',
  'gauge.contextsAcquired',
  'gauge.contextsStale',
  'gauge.readers',
  'gauge.expiries',
  'gauge.deletingBranches',
]);

test.concurrent.for<string[]>([
  ['branches'],
  ['branches-without-commit', 'commit-locks'],
  ['branches-tidied', 'vector-backends'],
  ['branch-races'],
  ['updates'],
  ['updates', 'gc-keeps-tombstones'],
  ['updates-collected'],
  ['keys'],
  ['retention'],
  ['ttl'],
  ['search'],
  ['vectors'],
  ['collections'],
  ['collections', 'vector-backends'],
  ['transactions'],
  ['transaction-bursts'],
  ['sessions'],
  ['wal'],
  ['recovery'],
  ['replay'],
  ['manifest'],
  ['manifest-one-database'],
  ['manifest-one-database', 'rename-failure-temp'],
])('%s without a leak (defects: %s) holds nothing more after 40 cycles', async ([name, ...defects], context) => {
  const measured = await growth(name!, defects, context);
  expect(Object.fromEntries(flat.map((metric) => [metric, measured(metric)]))).toEqual(
    Object.fromEntries(flat.map((metric) => [metric, 0])),
  );
});

test.concurrent('a fix that does not wait for commits under way leaves locks, but only when they race', async (context) => {
  expect((await growth('branch-races', ['fixed-racy'], context))('gauge.commitLocks')).toBeGreaterThan(0);
  expect((await growth('branches', ['fixed-racy'], context))('gauge.commitLocks')).toBe(0);
});

test.concurrent('versions wait for a long reader, and go when it leaves', async ({ onTestFinished }) => {
  const target = await startBuiltIn('branch-store/updates', ['long-reader'], onTestFinished);
  await target.drive(400);
  expect((await target.floor()).gauges.versions).toBe(103);
  await target.drive(200);
  expect((await target.floor()).gauges).toMatchObject({ versions: 2, readers: 0 });
});

describe('with real clients', () => {
  test('a deleted branch is found no more, but with its postings left it is', async () => {
    const staleHits = async (defects: string[]) => {
      const target = await startBuiltIn('branch-store/search', defects);
      await target.drive(10);
      return (await target.floor()).gauges.staleHits;
    };
    expect(await staleHits([])).toBe(0);
    expect(await staleHits(['search-postings'])).toBe(10);
  });

  test('the first of two transactions that write one key wins', async () => {
    const { http } = await startBuiltIn('branch-store/transactions');
    const begin = async () => (await http.post('/transactions', { branch: 'main' })).json<{ id: number }>().id;
    const [first, second] = [await begin(), await begin()];
    for (const [index, id] of [first, second].entries()) {
      await http.post(`/transactions/${id}/writes`, { writes: [{ family: 'kv', key: 'seat', value: index }] });
    }
    await http.post(`/transactions/${second}/commit`);
    await expect(http.post(`/transactions/${first}/commit`)).rejects.toThrow(/409/);
    expect((await http.get('/branches/main/keys/kv/seat')).json()).toEqual({ value: 1 });
  });

  test('many write one key at the same time: every write is made, none is refused', async () => {
    const { http, floor } = await startBuiltIn('branch-store/updates');
    const writes = Array.from({ length: 24 }, (_, value) => http.put('/branches/main/keys/kv/hot', { value }));
    const versions = (await Promise.all(writes)).map((answer) => answer.json<{ version: number }>().version);
    expect(new Set(versions).size).toBe(24);
    expect((await floor()).gauges).toMatchObject({ versions: 2, contextsAcquired: 0 });
  });

  test('what it does not understand it refuses, and keeps nothing of it', async () => {
    const { http, floor } = await startBuiltIn('branch-store/branches');
    await expect(http.post('/branches', { name: 'a/b' })).rejects.toThrow(/400.*name/);
    await expect(http.post('/branches/none/commits', { writes: [] })).rejects.toThrow(/400.*writes/);
    await expect(http.put('/branches/none/keys/kv/a', { value: 1 })).rejects.toThrow(/404.*none/);
    await expect(http.put('/branches/main/keys/vector/c%2F1', { value: [1, 2] })).rejects.toThrow(/404.*collection/);
    await expect(http.put('/branches/main/keys/kv/a', { value: 1, ttlMs: -1 })).rejects.toThrow(/400.*ttlMs/);
    await expect(http.put('/branches/main/retention', { keepLast: 0 })).rejects.toThrow(/400.*retention/);
    expect((await floor()).gauges).toMatchObject({ keys: 1, contextsAcquired: 0, commitLocks: 1 });
  });
});
