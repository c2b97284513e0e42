import { expect, test } from 'vitest';
import { Accounts } from '../../../../scenarios/cleanroom/target/locks/accounts.js';
import { Mutex } from '../../../../scenarios/cleanroom/target/locks/mutex.js';

test('a lock goes to those who wait in their order, also when its holder throws', async () => {
  const counts = { held: 0, waiting: 0 };
  const mutex = new Mutex(counts);
  const trace: number[] = [];
  const work = async (number: number) => {
    using _lock = await mutex.acquire();
    trace.push(number);
    if (number === 2) throw new Error('second');
  };
  const outcomes = await Promise.allSettled([1, 2, 3].map(work));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(trace).toEqual([1, 2, 3]);
  expect(counts).toEqual({ held: 0, waiting: 0 });
});

test('transfers that cross come through, and what fails moves nothing', async () => {
  const accounts = new Accounts({ count: 3, takesLocksAsTheyCome: false });
  const pairs = Array.from({ length: 30 }, (_, number) => ({ from: number % 3, to: (number + 1) % 3, amount: 7 }));
  const totals = await Promise.all(pairs.map((transfer) => accounts.transfer(transfer)));
  expect(new Set(totals.map(({ total }) => total))).toEqual(new Set([3_000]));
  await expect(accounts.transfer({ from: 0, to: 1, amount: 9_999 })).rejects.toThrow('short');
  expect(accounts.counts).toEqual({ held: 0, waiting: 0 });
});

test('with locks taken as they come, two that cross hold one each and wait for the other', async () => {
  const accounts = new Accounts({ count: 2, takesLocksAsTheyCome: true });
  void accounts.transfer({ from: 0, to: 1, amount: 1 });
  void accounts.transfer({ from: 1, to: 0, amount: 1 });
  await expect.poll(() => accounts.counts).toEqual({ held: 2, waiting: 2 });
});
