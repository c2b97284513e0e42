import { expect, test } from 'vitest';
import { BoundedQueue } from '../../../../scenarios/mesh/target/actors/bounded-queue.js';

async function takeAll<Item>(queue: BoundedQueue<Item>): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of queue) taken.push(item);
  return taken;
}

test('gives out what came in, in its order, and ends when it is closed', async () => {
  const queue = new BoundedQueue<number>(4);
  for (const item of [1, 2, 3]) expect(queue.trySend(item)).toBe('sent');
  queue.close();
  expect(queue.trySend(4)).toBe('closed');
  expect(await takeAll(queue)).toEqual([1, 2, 3]);
});

test('is full at its capacity; who waits for a place gets one when somebody receives', async () => {
  const queue = new BoundedQueue<number>(2);
  expect([queue.trySend(1), queue.trySend(2), queue.trySend(3)]).toEqual(['sent', 'sent', 'full']);
  const waiting = Promise.all([queue.send(3), queue.send(4)]);
  const receiver = queue[Symbol.asyncIterator]();
  const received = [];
  for (let count = 0; count < 4; count += 1) received.push((await receiver.next()).value);
  expect(received).toEqual([1, 2, 3, 4]);
  expect(await waiting).toEqual(['sent', 'sent']);
});

test('who waits for a place when it is closed is reported so, and what is in still comes out', async () => {
  const queue = new BoundedQueue<number>(1);
  queue.trySend(1);
  const waiting = queue.send(2);
  queue.close();
  expect(await waiting).toBe('closed');
  expect(await takeAll(queue)).toEqual([1]);
});

test('a receiver that waits is woken by what comes', async () => {
  const queue = new BoundedQueue<string>(1);
  const taken = takeAll(queue);
  for (const item of ['a', 'b', 'c']) expect(await queue.send(item)).toBe('sent');
  queue.close();
  expect(await taken).toEqual(['a', 'b', 'c']);
});
