import { expect, onTestFinished, test } from 'vitest';
import type { EvidenceRound } from '../../harness/attribute/evidence/attribution-session.js';
import { grownSites } from '../../harness/attribute/evidence/runtime-growth.js';
import { readKeySpace } from '../../harness/runtimes/redis/key-space.js';
import { RespClient } from '../../harness/runtimes/redis/resp-client.js';
import { QueueServer } from '../support/queue-server.js';
import { hasRedis } from '../support/store-judgement.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Bytes a cycle that each key seems to grow by; `make` gives the command of a cycle. */
async function growthOf(make: (cycle: number) => string[]): Promise<number[]> {
  const server = await QueueServer.start(temporaryDirectory());
  onTestFinished(() => server.kill());
  const { hostname: host, port } = new URL(server.url);
  const client = await RespClient.connect({ host, port: Number(port), tls: false }, AbortSignal.timeout(10_000));
  onTestFinished(() => client.close());
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
