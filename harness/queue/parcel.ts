import { createHash } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { PlateauError } from '../model/errors.js';
import type { Clock } from '../platform/clock.js';
import { chunkHeadSchema, type SentFile } from './queue-messages.js';

/**
 * A run directory on its way through a list of Redis: chunks of files, each with its place, packed by itself. The receiver
 * writes a chunk before it takes it from the list, so that either side may stop and go on.
 */

const packed = promisify(gzip);
const unpacked = promisify(gunzip);

const chunkBytes = 1024 * 1024;
/** Chunks that wait: a receiver that is away must not fill the memory of Redis. */
const waitingMax = 32;
const pollMs = 100;
/** A coordinator that was killed is started again within the hour, by a supervisor or by hand; who waits takes no other entry. */
const untakenMsMax = 3_600_000;
/** What nobody takes goes by itself. */
const keptSeconds = 48 * 3_600;

/** As much of a Redis client as a parcel needs. */
export interface ListClient {
  rpush(key: string, ...values: Buffer[]): Promise<number>;
  lindexBuffer(key: string, index: number): Promise<Buffer | null>;
  lpop(key: string): Promise<unknown>;
  llen(key: string): Promise<number>;
  expire(key: string, seconds: number): Promise<unknown>;
  del(key: string): Promise<unknown>;
}

/**
 * Sends all files of a directory; waits while the receiver is behind.
 * @returns what it sent, with checksums
 * @throws {PlateauError} `PLATEAU_QUEUE` when nobody has taken anything for an hour
 */
export async function sendDirectory(
  directory: string,
  key: string,
  redis: ListClient,
  { clock, signal }: Waiting,
): Promise<SentFile[]> {
  const sent: SentFile[] = [];
  for (const path of filesOf(directory)) {
    const hash = createHash('sha256');
    let offset = 0;
    for await (const chunk of createReadStream(join(directory, path), { highWaterMark: chunkBytes })) {
      const bytes = chunk as Buffer;
      await untilTaken(key, redis, { clock, signal });
      hash.update(bytes);
      const head = JSON.stringify({ path, offset });
      await redis.rpush(key, Buffer.concat([Buffer.from(`${head}\n`), await packed(bytes)]));
      await redis.expire(key, keptSeconds);
      offset += bytes.length;
    }
    sent.push({ path, bytes: offset, sha256: hash.digest('hex') });
  }
  return sent;
}

interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Resolves when there is room for another chunk. */
async function untilTaken(key: string, redis: ListClient, { clock, signal }: Waiting): Promise<void> {
  const deadlineMs = clock.monotonicMs() + untakenMsMax;
  while ((await redis.llen(key)) >= waitingMax) {
    signal.throwIfAborted();
    if (clock.monotonicMs() >= deadlineMs) {
      await redis.del(key);
      throw new PlateauError('PLATEAU_QUEUE', 'nobody took its run directory from the queue for an hour', {
        hint: 'start the night again: plateau nightly --queue',
      });
    }
    await clock.wait(pollMs, signal);
  }
}

/** Files of a directory, those of directories in it too; links are left out. */
function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** Writes the chunks that have come so far below a directory. @throws {Error} for what is no chunk */
export async function receiveChunks(directory: string, key: string, redis: ListClient): Promise<void> {
  for (let chunk = await redis.lindexBuffer(key, 0); chunk !== null; chunk = await redis.lindexBuffer(key, 0)) {
    await writeChunk(directory, chunk);
    await redis.lpop(key);
  }
}

/** @throws {Error} for what is no chunk, leads out of the directory, or unpacks to more than a chunk */
export async function writeChunk(directory: string, chunk: Buffer): Promise<void> {
  const lineEnd = chunk.indexOf('\n');
  const { path, offset } = chunkHeadSchema.parse(JSON.parse(chunk.toString('utf8', 0, Math.max(0, lineEnd))));
  const bytes = await unpacked(chunk.subarray(lineEnd + 1), { maxOutputLength: chunkBytes });
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const descriptor = openSync(file, offset === 0 ? 'w' : 'r+', 0o600);
  try {
    for (let written = 0; written < bytes.length; )
      written += writeSync(descriptor, bytes, written, bytes.length - written, offset + written);
  } finally {
    closeSync(descriptor);
  }
}

/** Why a directory is not the one that was sent; `undefined` when it is. Files without a byte are made. */
export async function difference(directory: string, sent: readonly SentFile[]): Promise<string | undefined> {
  for (const { path, bytes, sha256 } of sent) {
    const file = join(directory, path);
    if (bytes === 0) {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      closeSync(openSync(file, 'w', 0o600));
      continue;
    }
    const found = statSync(file, { throwIfNoEntry: false })?.size;
    if (found !== bytes) return `${path} has ${found ?? 'no'} bytes instead of ${bytes}`;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    if (hash.digest('hex') !== sha256) return `${path} differs from what was sent`;
  }
  return undefined;
}
