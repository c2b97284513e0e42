import type { Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { PlateauError } from '../model/errors.js';
import { createRedactor } from '../model/redact.js';
import { entryProgressSchema } from './queue-messages.js';

export type { Job } from 'bullmq';

export const queueName = 'plateau-entries';
const lastWorkersPrefix = 'plateau:last-workers:';
const packages = ['bullmq', 'ioredis'] as const;
const connectMs = 5_000;

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
  close(): Promise<void>;
}

/** Neither returns. */
export interface JobReturn {
  /** Puts the job back for another worker. */
  giveBack(): Promise<never>;
  /** The same, after some time. */
  postpone(byMs: number): Promise<never>;
}

export type EntryProcessor = (job: Job, back: JobReturn) => Promise<unknown>;

export interface WorkerSettings {
  readonly name: string;
  /** A worker without a sign of life for so long is taken for dead. */
  readonly silenceMs: number;
  /** Of the connection and of jobs that were given to others meanwhile; the worker goes on. */
  readonly onProblem: (message: string) => void;
}

/**
 * Connects to the queue that entries of nights go through.
 * @param url `redis://[:password@]host[:port][/database]`, `rediss://` for TLS
 * @throws {PlateauError} `PLATEAU_MISSING_PACKAGE`, `PLATEAU_INVALID_OPTION` for another address, `PLATEAU_QUEUE` where nobody answers
 */
export async function connectQueue(url: string): Promise<QueueConnection> {
  checkAddress(url);
  const { bullmq, Redis } = await loadPackages();
  const connect = () => new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true, connectTimeout: connectMs });
  const redis = connect();
  await firstAnswer(redis, url);
  const queue = new bullmq.Queue(queueName, { connection: redis });
  queue.on('error', () => undefined);
  const connections = [redis];
  return {
    queue,
    redis,
    createWorker(process, { name, silenceMs, onProblem }) {
      const connection = connect();
      connection.on('error', () => undefined);
      connections.push(connection);
      const work = (job: Job, token?: string) =>
        process(job, {
          async giveBack() {
            await job.moveToWait(token);
            throw new bullmq.WaitingError();
          },
          async postpone(byMs) {
            await job.moveToDelayed(Date.now() + byMs, token);
            throw new bullmq.DelayedError();
          },
        });
      const worker = new bullmq.Worker(queueName, work, {
        connection,
        name,
        autorun: false,
        lockDuration: silenceMs,
        stalledInterval: Math.ceil(silenceMs / 2),
        // What has ended two workers is the entry's own doing.
        maxStalledCount: 1,
      });
      worker.on('error', ({ message }) => onProblem(message));
      return worker;
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
    async close() {
      await queue.close();
      for (const connection of connections) connection.disconnect();
    },
  };
}

function checkAddress(url: string): void {
  if (URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)) return;
  throw new PlateauError('PLATEAU_INVALID_OPTION', `--queue: expected redis:// or rediss://, got "${url}".`, {
    hint: '--queue redis://127.0.0.1:6379',
  });
}

/** One try, so that a wrong address is reported at once. */
async function firstAnswer(redis: Redis, url: string): Promise<void> {
  // A call that fails does not say why; later failures are followed by another try, and calls wait until then.
  let reason: Error | undefined;
  redis.on('error', (error) => {
    reason = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (cause) {
    redis.disconnect();
    throw new PlateauError(
      'PLATEAU_QUEUE',
      `Queue ${createRedactor({})(url)}: expected a Redis that answers, got ${(reason ?? (cause as Error)).message.replace(/\.$/, '')}.`,
      { hint: 'start one (redis-server), or see plateau doctor --queue', cause },
    );
  }
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
