import { expect, onTestFinished, test } from 'vitest';
import type { EvidenceRound } from '../../harness/attribute/evidence/attribution-session.js';
import { grownSites } from '../../harness/attribute/evidence/runtime-growth.js';
import type { RuntimeReading } from '../../harness/model/runtime.js';
import { readKeySpace } from '../../harness/runtimes/redis/key-space.js';
import { RespClient } from '../../harness/runtimes/redis/resp-client.js';
import { numberOf, parseInfo } from '../../harness/runtimes/redis/server-info.js';
import { StringRoom } from '../../harness/runtimes/redis/string-room.js';
import { TrimmedKeys } from '../../harness/runtimes/redis/trimmed-keys.js';
import { QueueServer } from '../support/queue-server.js';
import { hasRedis } from '../support/store-judgement.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Of a server that ends with the test. */
async function connectToServer(): Promise<() => Promise<RespClient>> {
  const server = await QueueServer.start(temporaryDirectory());
  onTestFinished(() => server.kill());
  const { hostname: host, port } = new URL(server.url);
  return async () => {
    const client = await RespClient.connect({ host, port: Number(port), tls: false }, AbortSignal.timeout(10_000));
    onTestFinished(() => client.close());
    return client;
  };
}

const clientOfServer = async () => (await connectToServer())();

/** Bytes a cycle that each key seems to grow by; `make` gives the command of a cycle. */
async function growthOf(make: (cycle: number) => string[]): Promise<number[]> {
  const client = await clientOfServer();
  const rounds: EvidenceRound[] = [];
  const entryBytes = new Map<string, number>();
  for (let cycles = 600; cycles <= 1_200; cycles += 100) {
    const from = cycles === 600 ? 0 : cycles - 100;
    await client.pipeline(Array.from({ length: cycles - from }, (_, index) => make(from + index)));
    const runtime = await readKeySpace(client, [{ index: 0, keys: 1, expiring: 0 }], entryBytes);
    rounds.push({ cycles, values: {}, runtime });
  }
  return grownSites(rounds).flatMap(({ metrics }) => metrics.get('heapUsed')?.slope.estimate ?? []);
}

test.runIf(hasRedis)('a string grows by the bytes in it, although Redis gives it room for twice as many', async () => {
  const [perCycle] = await growthOf((cycle) => ['SETBIT', 'active:today', String(320 * cycle), '1']);
  expect(perCycle).toBeGreaterThan(40);
  expect(perCycle).toBeLessThan(80);
});

test.runIf(hasRedis)('a string that is written again does not grow', async () => {
  expect(await growthOf((cycle) => ['SETBIT', 'active:today', String(320 * (cycle % 600)), '1'])).toEqual([]);
});

/** Memory in use after each 2,000 cycles, without the room of strings. */
async function usedWithoutRoom(make: (cycle: number) => string[]): Promise<number[]> {
  const client = await clientOfServer();
  const room = new StringRoom(client);
  const used: number[] = [];
  for (let cycles = 0; cycles < 20_000; cycles += 2_000) {
    await client.pipeline(Array.from({ length: 2_000 }, (_, index) => make(cycles + index)));
    const roomBytes = await room.read([{ index: 0, keys: 1, expiring: 0 }]);
    const info = parseInfo(String(await client.call('INFO')));
    used.push(numberOf(info, 'used_memory') - roomBytes);
  }
  return used;
}

test.runIf(hasRedis)(
  'a string that is appended to grows evenly, without the room that it has for twice its bytes',
  async () => {
    const used = await usedWithoutRoom(() => ['APPEND', 'audit:log', '14 bytes each.']);
    // The first answers leave buffers behind.
    const grown = used.slice(2).map((bytes, index) => (bytes - used[index + 1]!) / 2_000);
    for (const perCycle of grown) expect(perCycle).toBeCloseTo(14, -1);
  },
);

test.runIf(hasRedis)('a string that is emptied before it is long has no room that is left out for good', async () => {
  const used = await usedWithoutRoom((cycle) => [cycle % 100 === 0 ? 'SET' : 'APPEND', 'audit:log', '14 bytes each.']);
  // What a tenth of the cycles would leave behind.
  expect(Math.abs(used.at(-1)! - used[1]!)).toBeLessThan(14 * 2_000);
});

/** What is known of lists of 30 users after 20 and after 24 entries each, of which some are cut to so many. */
async function feedsOf(cut: (user: number, cycle: number) => string[] | undefined) {
  const connect = await connectToServer();
  const client = await connect();
  const trimmed = await TrimmedKeys.hear(await connect());
  const readings: RuntimeReading[] = [];
  for (const [from, to] of [
    [0, 600],
    [600, 720],
  ] as const) {
    const cycles = Array.from({ length: to - from }, (_, index) => from + index);
    const commands = cycles.flatMap((cycle) => {
      const user = cycle % 30;
      const trim = cut(user, cycle);
      return [['RPUSH', `feed:${user}`, `entry ${cycle}`], ...(trim === undefined ? [] : [trim])];
    });
    await client.pipeline(commands);
    await trimmed.catchUp(client);
    readings.push(await readKeySpace(client, [{ index: 0, keys: 30, expiring: 0 }], new Map(), trimmed));
  }
  return readings.map(({ holders }) => holders[0]);
}

test.runIf(hasRedis)('lists that are cut down have the limit to which they are cut, each of them', async () => {
  const cut = (user: number) => ['LTRIM', `feed:${user}`, '-50', '-1'];
  const [first, last] = await feedsOf(cut);
  const numbers = [{ name: 'LTRIM', value: 50, isNear: true, isCompared: true }];
  expect(first).toMatchObject({ description: 'feed:*', entries: 600, parts: 30, numbers });
  expect(last).toMatchObject({ entries: 720, parts: 30, numbers });
});

test.runIf(hasRedis)(
  'lists of which one is never cut, or that hold more than what they are cut to, have none',
  async () => {
    const others = (user: number) => (user === 7 ? undefined : ['LTRIM', `feed:${user}`, '-50', '-1']);
    expect(await feedsOf(others)).toEqual([undefined, undefined]);
    const onceAtFirst = (user: number, cycle: number) =>
      cycle < 30 ? ['LTRIM', `feed:${user}`, '-5', '-1'] : undefined;
    expect(await feedsOf(onceAtFirst)).toEqual([undefined, undefined]);
  },
);
