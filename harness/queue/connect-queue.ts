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
  /** Aborted once the queue has not answered for too long, with the error to end with. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

export interface QueueSettings {
  /** For how long the queue may be away. @defaultValue forever: calls wait until it is back */
  readonly silenceMs?: number;
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
  /** Of the connection and of jobs that were given to others meanwhile; the worker goes on. Repetitions are left out. */
  readonly onProblem: (message: string) => void;
}

/**
 * Connects to the queue that entries of nights go through.
 * @param url `redis://[:password@]host[:port][/database]`, `rediss://` for TLS
 * @throws {PlateauError} `PLATEAU_MISSING_PACKAGE`, `PLATEAU_INVALID_OPTION` for another address, `PLATEAU_QUEUE` where nobody answers
 */
export async function connectQueue(url: string, { silenceMs }: QueueSettings = {}): Promise<QueueConnection> {
  checkAddress(url);
  const { bullmq, Redis } = await loadPackages();
  const options = { maxRetriesPerRequest: null, lazyConnect: true, connectTimeout: connectMs };
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
      let problem: string | undefined;
      worker.on('error', ({ message }) => {
        if (message !== problem) onProblem(`Queue: ${message}. The worker tries again.`);
        problem = message;
      });
      connection.on('ready', () => {
        if (problem !== undefined) onProblem('Queue: it answers again.');
        problem = undefined;
      });
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
    lost,
    async close() {
      // A queue that is away does not take leave.
      if (redis.status === 'ready') await queue.close();
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
    const { message } = reason ?? (cause as Error);
    throw queueError(url, message, 'start one (redis-server), or see plateau doctor --queue', cause);
  }
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
    timer ??= setTimeout(
      () => loss.abort(queueError(url, `none for ${silenceMs / 1000} s`, 'once it is back, plateau nightly goes on')),
      silenceMs,
    ).unref();
  });
  return loss.signal;
}

function queueError(url: string, got: string, hint: string, cause?: unknown): PlateauError {
  return new PlateauError(
    'PLATEAU_QUEUE',
    `Queue ${createRedactor({})(url)}: expected a Redis that answers, got ${got.replace(/\.$/, '')}.`,
    { hint, cause },
  );
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
