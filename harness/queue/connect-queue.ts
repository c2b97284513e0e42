import type { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { PlateauError } from '../model/errors.js';
import { untilAborted } from '../platform/until-aborted.js';
import { answerMsMax, checkAddress, firstAnswer, queueError, refusal } from './queue-address.js';
import { entryProgressSchema } from './queue-messages.js';
import { createQueueWorker, type EntryProcessor, type WorkerSettings } from './queue-worker.js';

export const queueName = 'plateau-entries';
const lastWorkersPrefix = 'plateau:last-workers:';
const withoutCommitPrefix = 'plateau:without-commit:';
/** Whoever still lacks a commit tries again, and says so again, more often. */
const withoutCommitSeconds = 120;
const packages = ['bullmq', 'ioredis'] as const;

export interface QueueConnection {
  readonly queue: Queue;
  /** For the directories of runs, which go beside the queue. */
  readonly redis: Redis;
  createWorker(process: EntryProcessor, settings: WorkerSettings): Worker;
  /** Whether a worker of this name is there and has no entry. */
  isIdle(worker: string): Promise<boolean>;
  /** The worker that ran an entry of a configuration last; undefined where this Redis has not seen one. */
  lastWorker(configuration: string, entry: string): Promise<string | undefined>;
  noteWorker(configuration: string, entry: string, worker: string): Promise<void>;
  /** Notes that a worker cannot have a commit. @returns whether another one is there that may have it */
  othersMayHave(commit: string, without: string): Promise<boolean>;
  /** @throws {PlateauError} `PLATEAU_QUEUE` once the queue has not answered for too long, or where it refuses a call */
  answered<Result>(calls: Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface QueueSettings {
  /** For how long the queue may be away. @defaultValue forever: calls wait until it is back */
  readonly silenceMs?: number;
}

/**
 * Connects to the queue that entries of nights go through.
 * @param url `redis://[:password@]host[:port][/database]`, `rediss://` for TLS
 * @throws {PlateauError} `PLATEAU_MISSING_PACKAGE`, `PLATEAU_INVALID_OPTION` for another address, `PLATEAU_QUEUE` where nobody answers
 */
export async function connectQueue(url: string, { silenceMs }: QueueSettings = {}): Promise<QueueConnection> {
  checkAddress(url);
  const { bullmq, Redis } = await loadPackages();
  const options = { maxRetriesPerRequest: null, lazyConnect: true, connectTimeout: answerMsMax };
  const connect = () => new Redis(url, options);
  // A machine that is gone closes no connection: only the time without an answer shows that it is away.
  const redis = new Redis(url, { ...options, ...(silenceMs !== undefined && { socketTimeout: silenceMs }) });
  await firstAnswer(redis, url);
  const lost = lossOf(redis, url, silenceMs);
  const queue = new bullmq.Queue(queueName, { connection: redis });
  queue.on('error', () => undefined);
  const connections = [redis];
  return {
    queue,
    redis,
    createWorker(process, settings) {
      const connection = connect();
      connection.on('error', () => undefined);
      connections.push(connection);
      return createQueueWorker(bullmq, { queueName, redis, connection }, process, settings);
    },
    async isIdle(worker) {
      const [workers, active] = await Promise.all([queue.getWorkers(), queue.getActive()]);
      const isThere = workers.some(({ rawname = '' }) => rawname.endsWith(`:w:${worker}`));
      return isThere && !active.some(({ progress }) => entryProgressSchema.safeParse(progress).data?.worker === worker);
    },
    async lastWorker(configuration, entry) {
      return (await redis.hget(`${lastWorkersPrefix}${configuration}`, entry)) ?? undefined;
    },
    async noteWorker(configuration, entry, worker) {
      await redis.hset(`${lastWorkersPrefix}${configuration}`, entry, worker);
    },
    async othersMayHave(commit, without) {
      const keyOf = (worker: string) => `${withoutCommitPrefix}${commit}:${worker}`;
      await redis.set(keyOf(without), '', 'EX', withoutCommitSeconds);
      const workers = (await queue.getWorkers()).map(({ rawname = '' }) => rawname.slice(rawname.indexOf(':w:') + 3));
      const lacking = await Promise.all(workers.map((worker) => redis.exists(keyOf(worker))));
      return lacking.includes(0);
    },
    answered: (calls) =>
      untilAborted(
        calls.catch((error: unknown) => {
          throw refusal(url, error) ?? error;
        }),
        lost,
      ),
    async close() {
      // A queue that is away does not take leave.
      if (redis.status === 'ready') await queue.close();
      for (const connection of connections) connection.disconnect();
    },
  };
}

/** Follows a connection that tries again by itself. */
function lossOf(redis: Redis, url: string, silenceMs: number | undefined): AbortSignal {
  const loss = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  redis.on('ready', () => {
    clearTimeout(timer);
    timer = undefined;
  });
  redis.on('close', () => {
    if (silenceMs === undefined) return;
    timer ??= setTimeout(() => loss.abort(queueError(url, `none for ${silenceMs / 1000} s`)), silenceMs).unref();
  });
  return loss.signal;
}

async function loadPackages() {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Redis };
  } catch (cause) {
    throw new PlateauError('PLATEAU_MISSING_PACKAGE', `--queue: expected ${packages.join(' and ')}, got none.`, {
      hint: `npm install --save-dev ${packages.join(' ')}`,
      cause,
    });
  }
}
