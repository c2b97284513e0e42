import { afterEach, describe, expect, test, vi } from 'vitest';
import { createQueue } from '../../../../scenarios/series-api/target/defects/connection-queues.js';
import type { ConnectionQueue } from '../../../../scenarios/series-api/target/duckdb/query-pool.js';

afterEach(() => {
  vi.useRealTimers();
});

const stays = new AbortController().signal;

describe('sound', () => {
  test('first come, first served', async () => {
    const queue = createQueue<string>(new Set());
    const served: string[] = [];
    const clients = ['a', 'b', 'c'].map((client) => queue.take(1_000, stays).then(() => served.push(client)));
    expect(queue.waiting).toBe(3);
    for (const connection of ['1', '2', '3']) queue.give(connection);
    await Promise.all(clients);
    expect(served).toEqual(['a', 'b', 'c']);
    expect(queue.waiting).toBe(0);
  });

  test('who waits too long or goes away leaves the queue', async () => {
    vi.useFakeTimers();
    const queue = createQueue<string>(new Set());
    const gone = new AbortController();
    const tooLong = queue.take(1_000, stays).catch((error: Error) => error.message);
    const away = queue.take(1_000, gone.signal).catch((error: Error) => error.message);
    const gentle = queue.take(5_000, stays);
    gone.abort();
    expect(await away).toBe('pool: no connection in time');
    vi.advanceTimersByTime(1_000);
    expect(await tooLong).toBe('pool: no connection in time');
    expect(queue.waiting).toBe(1);
    queue.give('1');
    expect(await gentle).toBe('1');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('100 may wait', async () => {
    const queue = createQueue<string>(new Set());
    const take = () => queue.take(1_000, new AbortController().signal);
    const clients = Array.from({ length: 100 }, take);
    await expect(take()).rejects.toMatchObject({ status: 503 });
    for (let client = 0; client < 100; client += 1) queue.give('1');
    expect(await Promise.all(clients)).toHaveLength(100);
  });
});

/** Clients that waited and were served; stops when one is turned away. */
async function servedBeforeRefusal(queue: ConnectionQueue<string>, clients: number): Promise<number> {
  for (let served = 0; served < clients; served += 1) {
    const taken = queue.take(1_000, stays).catch(() => undefined);
    queue.give('1');
    if ((await taken) === undefined) return served;
  }
  return clients;
}

test('tickets that are kept: after 100 nobody may wait, though nobody does', async () => {
  expect(await servedBeforeRefusal(createQueue(new Set()), 300)).toBe(300);
  const queue = createQueue<string>(new Set(['kept-tickets']));
  expect(await servedBeforeRefusal(queue, 300)).toBe(100);
  expect(queue.waiting).toBe(100);
});
