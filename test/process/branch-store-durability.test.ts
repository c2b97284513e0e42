import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient, type PooledHttpClient } from '../../harness/drive/http/http-client.js';

const server = fileURLToPath(new URL('../../dist/scenarios/branch-store/target/server.js', import.meta.url));

interface Store {
  readonly process: ChildProcess;
  readonly http: PooledHttpClient;
}

/** Starts a store on a data directory; ended when the test is, if not before. */
async function start(data: string): Promise<Store> {
  const child = spawn(process.execPath, [server, '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const http = createHttpClient(/http:\/\/\S+/.exec(line)![0], { connections: 16 });
  onTestFinished(async () => {
    await end({ process: child, http }, 'SIGKILL');
  });
  return { process: child, http };
}

async function end({ process: child, http }: Store, signal: NodeJS.Signals): Promise<number | null> {
  await http.close().catch(() => undefined);
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}

function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'plateau-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writers that go on until the store is gone. @returns the last number each of them was reported is durable */
async function writeUntilGone({ http }: Store, writers: number): Promise<number[]> {
  return Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let number = 1; ; number += 1) {
        const value = { number, padding: 'x'.repeat(500) };
        const written = http.put(`/branches/main/keys/kv/writer-${writer}`, { value }).catch(() => undefined);
        if ((await written) === undefined) return number - 1;
      }
    }),
  );
}

test('kill -9 in mid-commit loses nothing that was acknowledged, time after time', async () => {
  const data = dataDirectory();
  const writers = 8;
  for (let crash = 0; crash < 3; crash += 1) {
    const store = await start(data);
    const writing = writeUntilGone(store, writers);
    // Several segments and checkpoints lie behind by the time the last of these is answered.
    for (let branch = 0; branch < 60; branch += 1) {
      const name = `crash-${crash}-${branch}`;
      await store.http.post('/branches', { name });
      if (branch % 2 === 0) await store.http.delete(`/branches/${name}`);
    }
    store.process.kill('SIGKILL');
    const acknowledged = await writing;
    await end(store, 'SIGKILL');

    const recovered = await start(data);
    for (const [writer, number] of acknowledged.entries()) {
      const read = await recovered.http.get(`/branches/main/keys/kv/writer-${writer}`);
      expect(read.json<{ value: { number: number } }>().value.number).toBeGreaterThanOrEqual(number);
    }
    const gauges = (await recovered.http.get('/stats')).json<{ gauges: { branches: number } }>().gauges;
    expect(gauges.branches).toBe(1 + 30 * (crash + 1));
    expect(await end(recovered, 'SIGTERM')).toBe(0);
  }
}, 60_000);

test('a clean stop keeps branches, vectors, documents, policies and what is yet to expire', async () => {
  const data = dataDirectory();
  const store = await start(data);
  await store.http.post('/branches', { name: 'draft', retention: { keepLast: 2 } });
  await store.http.post('/branches/draft/commits', {
    writes: [
      { family: 'document', key: 'readme', value: 'how it all began' },
      { family: 'collection', key: 'notes', value: { dimension: 2 } },
      { family: 'vector', key: 'notes/first', value: [1, 0] },
      { family: 'kv', key: 'lease', value: 7, ttlMs: 60_000 },
    ],
  });
  for (const value of [1, 2, 3]) await store.http.put('/branches/draft/keys/kv/counter', { value });
  expect(await end(store, 'SIGTERM')).toBe(0);

  const { http } = await start(data);
  const before = (await http.get('/stats')).json<{ gauges: Record<string, number> }>().gauges;
  expect(before).toMatchObject({ branches: 2, documents: 1, vectorHeaps: 1, vectorSlabs: 1, expiries: 1 });
  expect((await http.get('/branches/draft')).json()).toMatchObject({ retention: { keepLast: 2 } });
  expect((await http.get('/branches/draft/keys/kv/counter')).json()).toEqual({ value: 3 });
  expect((await http.get('/search?q=began+how')).json<{ hits: unknown[] }>().hits).toHaveLength(1);
  const nearest = await http.post('/branches/draft/collections/notes/nearest', { vector: [1, 1] });
  expect(nearest.json()).toEqual({ hits: [{ id: 'first', score: 1 }] });
});

test('SIGTERM in the middle of requests: those are answered, the exit code is 0, and they are durable', async () => {
  const data = dataDirectory();
  const store = await start(data);
  const writing = Array.from({ length: 32 }, (_, key) =>
    store.http.put(`/branches/main/keys/kv/key-${key}`, { value: key }).then(
      () => key,
      () => undefined,
    ),
  );
  await writing[0];
  store.process.kill('SIGTERM');
  const written = (await Promise.all(writing)).filter((key) => key !== undefined);
  await once(store.process, 'exit').catch(() => undefined);
  expect(store.process.exitCode).toBe(0);

  const { http } = await start(data);
  for (const key of written) {
    expect((await http.get(`/branches/main/keys/kv/key-${key}`)).json()).toEqual({ value: key });
  }
});
