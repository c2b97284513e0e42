import type { RunOptions } from 'plateau';
import { expect, test } from 'vitest';
import { fixture, lineOf, soakFixture } from '../support/run-fixture.js';

/** What hangs here hangs for good; a call that times out takes the usual time. */
const stallMs = 5_000;

const soak = (name: string, options: RunOptions = {}) => soakFixture(name, { concurrency: 4, ...options });

test('calls that hang are reported where they wait, by whom they were called and what keeps them', async () => {
  const { verdict, suspects, artifacts } = await soak('exhausted-pool.mjs', { stallMs });
  expect(verdict).toBe('stalled');
  const file = fixture('exhausted-pool.mjs');
  expect(suspects).toMatchObject([
    {
      kind: 'call',
      location: { file, line: lineOf('exhausted-pool.mjs', 'waiters.push'), function: 'acquire' },
      calledFrom: { file, line: lineOf('exhausted-pool.mjs', 'await acquire()'), function: 'query' },
      holder: { description: '`waiters` (Array in exhausted-pool.mjs)' },
      perCycle: { estimate: 4, unit: 'calls' },
      share: 1,
    },
  ]);
  expect(suspects[0]!.stack!.map(({ function: name }) => name)).toEqual(['acquire', 'query', 'iterate']);
  expect(artifacts.some(({ kind }) => kind === 'heap-snapshot')).toBe(true);
});

test('a server whose callers time out stalls, and is reported where its requests wait', async () => {
  const { verdict, reason, suspects } = await soak('lost-lock.scenario.mjs');
  expect(verdict).toBe('stalled');
  expect(reason).toMatch(/^no cycle succeeded for 20 s .* waiting: 4 in order\.create; its event loop is free$/);
  expect(suspects[0]).toMatchObject({
    kind: 'call',
    location: { line: lineOf('lost-lock-server.mjs', 'locks.get(tenant).released'), function: 'withLock' },
    holder: { description: '`locks[...].released` (Promise in lost-lock-server.mjs)' },
  });
});

test('nobody is asked where they wait without attribution', async () => {
  expect(await soak('exhausted-pool.mjs', { attribution: 'off', stallMs })).toMatchObject({
    verdict: 'stalled',
    suspects: [],
  });
});

test.each([
  ['a loop without end', 'hanging-functions.mjs', 'while (cycle === 40)', 'iterate', undefined],
  ['a pattern that backtracks', 'slow-pattern.mjs', 'slug.test(text)', 'isSlug', 'iterate'],
])('%s that blocks the event loop is reported by its line', async (_, name, text, innermost, caller) => {
  const { verdict, reason, suspects } = await soak(name, { stallMs });
  expect(verdict).toBe('stalled');
  expect(reason).toMatch(/; its event loop is blocked$/);
  const file = fixture(name);
  expect(suspects).toMatchObject([
    { kind: 'cpu', location: { file, line: lineOf(name, text), function: innermost }, perCycle: { unit: 'cores' } },
  ]);
  expect(suspects[0]!.calledFrom?.function).toBe(caller);
});
