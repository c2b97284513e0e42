import { afterEach, describe, expect, test } from 'vitest';
import { DatabaseState } from '../../../scenarios/branch-store/target/database/database-state.js';
import { type DefectName, plant } from '../../../scenarios/branch-store/target/defects.js';
import { ExpiryIndex } from '../../../scenarios/branch-store/target/indexes/expiry-index.js';
import { SearchIndex } from '../../../scenarios/branch-store/target/indexes/search-index.js';
import { VectorHeap } from '../../../scenarios/branch-store/target/indexes/vector-heap.js';
import { keepAll, keepLast } from '../../../scenarios/branch-store/target/store/retention.js';
import { VersionChain } from '../../../scenarios/branch-store/target/store/version-chain.js';
import type { Write } from '../../../scenarios/branch-store/target/store/write.js';
import { CommitLocks } from '../../../scenarios/branch-store/target/transactions/commit-locks.js';
import { ContextPool } from '../../../scenarios/branch-store/target/transactions/context-pool.js';

const plantOnly = (...names: DefectName[]) => plant(new Set(names));
afterEach(() => plantOnly());

function chainOf(...values: (string | undefined)[]): VersionChain {
  const chain = new VersionChain();
  for (const [index, value] of values.entries()) {
    chain.add({ version: index + 1, ...(value !== undefined && { value }) });
  }
  return chain;
}

describe('version chain', () => {
  test('a reader sees the newest version that is not after its own', () => {
    const chain = chainOf('a', 'b', 'c');
    expect([0, 1, 2, 3, 9].map((version) => chain.visibleAt(version)?.value)).toEqual([undefined, 'a', 'b', 'c', 'c']);
  });

  test.each([
    ['nobody reads, one is kept', 5, keepLast(1), 1],
    ['nobody reads, three are kept', 5, keepLast(3), 3],
    ['the reader of version 2 needs it and all newer ones', 2, keepLast(1), 4],
    ['a policy wants more than the reader', 4, keepLast(4), 4],
    ['everything is kept', 5, keepAll, 5],
    ['more than there are', 5, keepLast(9), 5],
  ])('%s', (_name, oldestReader, policy, left) => {
    const chain = chainOf('a', 'b', 'c', 'd', 'e');
    expect(chain.collect(oldestReader, policy)).toBe(false);
    expect(chain.length).toBe(left);
    expect(chain.visibleAt(oldestReader)).toBeDefined();
  });

  test('a deleted key goes when every reader sees it deleted, whatever its policy kept', () => {
    const chain = chainOf('a', 'b', undefined);
    expect(chain.collect(2, keepLast(5))).toBe(false);
    expect(chain.collect(3, keepLast(5))).toBe(true);
    expect(chainOf('a', undefined).collect(2, keepAll)).toBe(false);
  });

  test('gc-keeps-tombstones leaves the news of the deletion', () => {
    plantOnly('gc-keeps-tombstones');
    const chain = chainOf('a', undefined);
    expect(chain.collect(2, keepLast(1))).toBe(false);
    expect(chain.length).toBe(1);
  });

  test('a version comes in once', () => {
    const chain = chainOf('a', 'b');
    expect(chain.add({ version: 2, value: 'b' })).toBe(false);
    expect(chain.length).toBe(2);
  });
});

describe('search index', () => {
  test('finds documents with all terms, the best matches first, and forgets them', () => {
    const index = new SearchIndex();
    index.add('b', 'once', 'The fox, asleep.');
    index.add('b', 'twice', 'fox and FOX asleep');
    index.add('c', 'other', 'fox awake');
    expect(index.search('asleep fox').map(({ key }) => key)).toEqual(['twice', 'once']);
    expect(index.search('')).toEqual([]);
    index.add('b', 'twice', 'gone away');
    index.remove('b', 'once');
    expect(index.search('asleep')).toEqual([]);
    index.remove('c', 'other');
    index.remove('b', 'twice');
    expect([index.documentCount, index.termCount, index.postingCount]).toEqual([0, 0, 0]);
  });
});

describe('vector heap', () => {
  test('slots of deleted vectors are used again', () => {
    const heap = new VectorHeap(2);
    for (let id = 0; id < 32; id += 1) heap.upsert(`${id}`, [id, 1]);
    for (let id = 0; id < 200; id += 1) {
      heap.delete(`${id}`);
      heap.upsert(`${id + 32}`, [id + 32, 1]);
    }
    expect([heap.slabCount, heap.liveCount]).toEqual([2, 32]);
    expect(heap.nearest([1, 0], 2)).toEqual([
      { id: '231', score: 231 },
      { id: '230', score: 230 },
    ]);
  });

  test('the same vector again takes no other slot, but with replay-appends it does', () => {
    const slabs = () => {
      const heap = new VectorHeap(1);
      for (let time = 0; time < 17; time += 1) heap.upsert('a', [time]);
      return heap.slabCount;
    };
    expect(slabs()).toBe(1);
    plantOnly('replay-appends');
    expect(slabs()).toBe(2);
  });
});

test('the expiry index gives what is due in order of time', () => {
  const index = new ExpiryIndex();
  const times = Array.from({ length: 500 }, (_, number) => (number * 7919) % 499);
  for (const expiresAt of times) index.add({ expiresAt, branchId: 'b', key: 'k', version: 1 });
  const taken: number[] = [];
  for (let due = index.takeDue(250); due !== undefined; due = index.takeDue(250)) taken.push(due.expiresAt);
  expect(taken).toEqual(times.filter((time) => time <= 250).sort((left, right) => left - right));
  expect(index.size).toBe(times.length - taken.length);
});

describe('commit locks', () => {
  test('one commit at a time, first come first served; no lock is made by waiting for none', async () => {
    const locks = new CommitLocks();
    await locks.drain('b');
    expect(locks.size).toBe(0);
    const order: number[] = [];
    const commits = [1, 2, 3].map(async (number) => {
      await locks.acquire('b');
      order.push(number);
      await Promise.resolve();
      order.push(number);
      locks.release('b');
    });
    await locks.drain('b');
    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
    await Promise.all(commits);
    locks.remove('b');
    expect(locks.size).toBe(0);
  });
});

test('the pool keeps eight contexts and drops the rest', () => {
  const pool = new ContextPool();
  const contexts = Array.from({ length: 20 }, (_, client) => pool.acquire(`client-${client}`));
  expect(pool.acquiredCount).toBe(20);
  for (const context of contexts) pool.release(context);
  expect([pool.idleCount, pool.acquiredCount, pool.staleCount]).toEqual([8, 0, 0]);
});

describe('state', () => {
  const branch = (version: number, name: string, id: string) => ({
    version,
    branchId: 'system',
    writes: [{ family: 'branch', key: name, value: { id } }] satisfies Write[],
  });
  const everything: Write[] = [
    { family: 'kv', key: 'a', value: 1 },
    { family: 'document', key: 'd', value: 'some text' },
    { family: 'collection', key: 'c', value: { dimension: 2 } },
    { family: 'vector', key: 'c/1', value: [1, 2] },
  ];
  const sizes = ({ store, search, vectors, branches }: DatabaseState) => ({
    shards: store.shardCount,
    branches: branches.size,
    keys: [...store.shards()].reduce((sum, { chains }) => sum + chains.size, 0),
    postings: search.postingCount,
    slabs: vectors.slabCount,
  });

  test('the same log twice gives the same state as once, deletions too', () => {
    const state = new DatabaseState();
    const log = [
      branch(1, 'kept', 'k'),
      branch(2, 'gone', 'g'),
      { version: 3, branchId: 'k', writes: everything },
      { version: 4, branchId: 'g', writes: everything },
      { version: 5, branchId: 'system', writes: [{ family: 'branch', key: 'gone' }] satisfies Write[] },
    ];
    const once = (() => {
      for (const record of log) state.apply(record);
      state.collector.collect();
      return sizes(state);
    })();
    for (const record of log) state.apply(record);
    state.collector.collect();
    expect(sizes(state)).toEqual(once);
    expect(once).toEqual({ shards: 2, branches: 1, keys: 5, postings: 2, slabs: 1 });
    state.stop();
  });

  test('writes to a branch that is gone change nothing', () => {
    const state = new DatabaseState();
    state.apply({ version: 1, branchId: 'nowhere', writes: everything });
    expect(sizes(state)).toEqual({ shards: 1, branches: 0, keys: 0, postings: 0, slabs: 0 });
  });

  test('an expiry that was written over does not remove the key', async () => {
    const state = new DatabaseState();
    state.apply(branch(1, 'main', 'm'));
    const expiresAt = Date.now() - 1;
    state.apply({ version: 2, branchId: 'm', writes: [{ family: 'kv', key: 'renewed', value: 1, expiresAt }] });
    state.apply({ version: 3, branchId: 'm', writes: [{ family: 'kv', key: 'renewed', value: 2 }] });
    state.apply({ version: 4, branchId: 'm', writes: [{ family: 'kv', key: 'over', value: 1, expiresAt }] });
    await expect.poll(() => state.expiries.size).toBe(0);
    expect([...state.store.shard('m')!.chains.keys()]).toEqual(['kv/renewed']);
    state.stop();
  });
});
