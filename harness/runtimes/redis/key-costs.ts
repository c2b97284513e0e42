import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { systemClock } from '../../platform/clock.js';
import { recordRunProcess } from '../../platform/run-temporary-directory.js';
import { clientsOf } from './client-list.js';
import { RespClient } from './resp-client.js';
import { numberOf, parseInfo } from './server-info.js';

/** What keys take beside what MEMORY USAGE says, which leaves out what the allocator rounds up to. */
export interface KeyCosts {
  /** By type and encoding: `hash hashtable`. */
  readonly byEncoding: ReadonlyMap<string, EncodingCosts>;
  /** B of an entry in the table of expiries, without its slot. */
  readonly expiryBytes: number;
}

interface EncodingCosts {
  readonly keyBytes: number;
  /** B of each field, member or element. */
  readonly entryBytes: number;
}

/** As measured with Redis 7.0 and its own allocator, for servers whose program cannot be started a second time. */
const usualCosts: KeyCosts = {
  byEncoding: new Map([
    ['hash hashtable', { keyBytes: 16, entryBytes: 8 }],
    ['list quicklist', { keyBytes: 24, entryBytes: 0 }],
    ['set hashtable', { keyBytes: 16, entryBytes: 8 }],
    ['zset skiplist', { keyBytes: 16, entryBytes: 8 }],
  ]),
  expiryBytes: 32,
};
export const unknownEncoding: EncodingCosts = { keyBytes: 8, entryBytes: 0 };

/** Makes a key with so many entries; short values and long ones are encoded differently. */
const makers: readonly ((key: string, entries: readonly string[]) => string[])[] = [
  (key, entries) => ['SET', key, entries[0]!],
  (key, entries) => ['HSET', key, ...entries.flatMap((entry) => [entry, entry])],
  (key, entries) => ['RPUSH', key, ...entries],
  (key, entries) => ['SADD', key, ...entries],
  (key, entries) => ['ZADD', key, ...entries.flatMap((entry, index) => [String(index), entry])],
  (key, entries) => ['XADD', key, '*', ...entries.flatMap((entry) => [entry, entry])],
];
const shortEntries = ['a', 'b', 'c'];
const longEntries = shortEntries.map((entry) => entry.repeat(100));

/** With the first of them the table of keys has 1,024 slots, which is enough for the others. */
const otherKeys = keysOf(0, 600);
const measuredKeys = keysOf(600, 1_000);
const startTimeoutMs = 3_000;
const pollMs = 10;

/**
 * Measures the costs with an empty server of the same program, on a socket in `directory`: versions and allocators
 * differ, and the server under soak must stay as it is. Takes about 100 ms.
 */
export async function measureKeyCosts(executable: string, directory: string): Promise<KeyCosts> {
  const path = join(directory, 'redis.sock');
  const child = spawn(
    executable,
    [
      ...['--port', '0', '--unixsocket', path, '--dir', directory, '--daemonize', 'no'],
      ...['--save', '', '--appendonly', 'no'],
    ],
    // The name decides what Debian's program is.
    { argv0: 'redis-server', stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  // Should plateau be killed meanwhile, the next start ends it.
  if (child.pid !== undefined) recordRunProcess(dirname(directory), child.pid);
  try {
    const client = await connectWhenReady(path, ended);
    return client === undefined ? usualCosts : await measure(client).finally(() => client.close());
  } catch {
    return usualCosts;
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

async function connectWhenReady(path: string, ended: Promise<unknown>): Promise<RespClient | undefined> {
  const { signal } = new AbortController();
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const deadlineMs = systemClock.monotonicMs() + startTimeoutMs;
  while (!isOver && systemClock.monotonicMs() < deadlineMs) {
    const client = await RespClient.connect({ host: 'localhost', port: 0, path, tls: false }, signal).catch(
      () => undefined,
    );
    if (client !== undefined) return client;
    await systemClock.wait(pollMs);
  }
  return undefined;
}

async function measure(client: RespClient): Promise<KeyCosts> {
  const used = async () => {
    const info = parseInfo(String(await client.call('INFO', 'memory')));
    const clients = clientsOf(String(await client.call('CLIENT', 'LIST')));
    return clients.reduce((bytes, { bufferBytes }) => bytes - bufferBytes, numberOf(info, 'used_memory'));
  };
  const byEncoding = new Map<string, EncodingCosts>();
  // The first time makes what the server keeps for its own, and is measured again.
  for (const make of [makers[0]!, ...makers]) {
    for (const entries of [shortEntries, longEntries]) {
      const one = await costOf(client, used, (key) => make(key, entries.slice(0, 1)));
      const all = await costOf(client, used, (key) => make(key, entries));
      const entryBytes = one.name === all.name ? (all.bytes - one.bytes) / (entries.length - 1) : 0;
      byEncoding.set(all.name, { keyBytes: all.bytes - entries.length * entryBytes, entryBytes });
    }
  }
  const expiryBytes = (await growth(client, used, (key) => ['EXPIRE', key, '3600'])) / measuredKeys.length;
  return { byEncoding, expiryBytes };
}

async function costOf(
  client: RespClient,
  used: () => Promise<number>,
  make: (key: string) => string[],
): Promise<{ name: string; bytes: number }> {
  await client.call('FLUSHALL');
  const added = await growth(client, used, make);
  const usages = await client.pipeline(measuredKeys.map((key) => ['MEMORY', 'USAGE', key, 'SAMPLES', '0']));
  const [key] = measuredKeys as [string];
  const name = `${await client.call('TYPE', key)} ${await client.call('OBJECT', 'ENCODING', key)}`;
  const known = usages.reduce<number>((sum, usage) => sum + Number(usage), 0);
  return { name, bytes: (added - known) / measuredKeys.length };
}

/** Memory that a command on each of the measured keys adds. */
async function growth(
  client: RespClient,
  used: () => Promise<number>,
  make: (key: string) => string[],
): Promise<number> {
  await client.pipeline(otherKeys.map(make));
  // Each command that looks for a key moves a part of a table that is growing.
  await client.pipeline([...otherKeys, ...otherKeys].map((key) => ['PTTL', key]));
  const before = await used();
  await client.pipeline(measuredKeys.map(make));
  return (await used()) - before;
}

function keysOf(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `key:${1_000_000 + from + index}`);
}
