import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../../harness/platform/clock.js';
import {
  difference,
  type ListClient,
  receiveChunks,
  sendDirectory,
  writeChunk,
} from '../../../harness/queue/parcel.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

/** A list of Redis in this process. */
class List implements ListClient {
  readonly chunks: Buffer[] = [];

  async rpush(_key: string, ...values: Buffer[]): Promise<number> {
    return this.chunks.push(...values);
  }

  async lindexBuffer(_key: string, index: number): Promise<Buffer | null> {
    return this.chunks[index] ?? null;
  }

  async lpop(): Promise<unknown> {
    return this.chunks.shift();
  }

  async llen(): Promise<number> {
    return this.chunks.length;
  }

  async expire(): Promise<unknown> {
    return 1;
  }

  async del(): Promise<unknown> {
    this.chunks.length = 0;
    return 1;
  }
}

const hourMs = 3_600_000;
const { signal } = new AbortController();

function runOf(megabytes: number): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'samples.ndjson'), Buffer.alloc(megabytes * 1024 * 1024, 'x'));
  return directory;
}

test('what nobody takes for an hour is not sent, and leaves nothing in the queue', async () => {
  const redis = new List();
  const clock = new VirtualClock();
  const directory = runOf(40);
  await expect(sendDirectory(directory, 'parcel', redis, { clock, signal })).rejects.toMatchObject({
    code: 'PLATEAU_QUEUE',
    message: 'nobody took its run directory from the queue for an hour',
  });
  expect(clock.monotonicMs()).toBeCloseTo(hourMs, -3);
  expect([redis.chunks, readdirSync(directory)]).toEqual([[], ['samples.ndjson']]);
});

test('what is taken slowly is sent in hours', async () => {
  const redis = new List();
  const [directory, arrived] = [runOf(40), temporaryDirectory()];
  const clock = new VirtualClock();
  let waitedMs = 0;
  const wait = async (durationMs: number) => {
    waitedMs += durationMs;
    await clock.wait(durationMs);
    if (waitedMs < hourMs / 2) return;
    waitedMs = 0;
    await writeChunk(arrived, redis.chunks.shift()!);
  };
  const slow = { epochMs: () => 0, monotonicMs: () => clock.monotonicMs(), wait };
  const sent = await sendDirectory(directory, 'parcel', redis, { clock: slow, signal });
  expect(clock.monotonicMs()).toBeGreaterThan(3 * hourMs);
  await receiveChunks(arrived, 'parcel', redis);
  expect(await difference(arrived, sent)).toBeUndefined();
});
