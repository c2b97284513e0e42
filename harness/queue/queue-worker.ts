import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';

export type { Job } from 'bullmq';

/** Whoever goes on with a night does so within 20 hours. */
export const keptSeconds = 48 * 3_600;

const latePrefix = 'plateau:late:';
/** What has ended two workers is the entry's own doing. */
const deathsMax = 2;

/** Neither returns. */
export interface JobReturn {
  /** Puts the job back for another worker. */
  giveBack(): Promise<never>;
  /** The same, after some time. */
  postpone(byMs: number): Promise<never>;
}

/** @param taken aborted once another worker may take the job, since this one was silent: its result cannot count */
export type EntryProcessor = (job: Job, back: JobReturn, taken: AbortSignal) => Promise<unknown>;

export interface WorkerSettings {
  readonly name: string;
  /** A worker without a sign of life for so long is taken for dead. */
  readonly silenceMs: number;
  /** Of the connection, and of a job that others may take; the worker goes on. Repetitions are left out. */
  readonly onProblem: (message: string) => void;
}

interface WorkerQueue {
  readonly queueName: string;
  readonly redis: Redis;
  /** Of the worker alone: it waits for jobs. */
  readonly connection: Redis;
}

/** Takes jobs one at a time once it is run. A job of which the lock could not be held is stopped, and left to others. */
export function createQueueWorker(
  bullmq: typeof import('bullmq'),
  { queueName, redis, connection }: WorkerQueue,
  process: EntryProcessor,
  { name, silenceMs, onProblem }: WorkerSettings,
): Worker {
  /** Jobs that were this worker's until it was silent. */
  const lost = new Set<string>();
  // Three parameters, else it is given no signal.
  const work = async (job: Job, token: string | undefined, taken: AbortSignal | undefined): Promise<unknown> => {
    if ((await deathsOf(job, redis)) >= deathsMax)
      throw new bullmq.UnrecoverableError(`it has ended ${deathsMax} workers`);
    const back: JobReturn = {
      async giveBack() {
        await job.moveToWait(token);
        throw new bullmq.WaitingError();
      },
      async postpone(byMs) {
        await job.moveToDelayed(Date.now() + byMs, token);
        throw new bullmq.DelayedError();
      },
    };
    lost.delete(job.id!);
    const result = await process(job, back, taken!);
    noteLost(await worker.extendJobLocks([job.id!], [token!], silenceMs));
    // Leaves the job as it is.
    if (lost.has(job.id!)) throw new bullmq.WaitingError();
    return result;
  };
  const worker: Worker = new bullmq.Worker(queueName, work, {
    connection,
    name,
    autorun: false,
    lockDuration: silenceMs,
    stalledInterval: Math.ceil(silenceMs / 2),
    // It counts silent workers, those too that were late and live; see `deathsOf`.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  });
  const noteLost = (jobs: readonly string[]) => {
    for (const job of jobs) {
      if (lost.has(job)) continue;
      lost.add(job);
      worker.cancelJob(job);
      void noteLate(job, redis).catch(() => undefined);
      onProblem(`No sign of life reached the queue for ${silenceMs / 1_000} s: the entry goes to another worker.`);
    }
  };
  worker.on('lockRenewalFailed', noteLost);
  let problem: string | undefined;
  worker.on('error', ({ message }) => {
    if (message.startsWith('could not renew lock')) return;
    if (message !== problem) onProblem(`Queue: ${message}. The worker tries again.`);
    problem = message;
  });
  connection.on('ready', () => {
    if (problem !== undefined) onProblem('Queue: it answers again.');
    problem = undefined;
  });
  return worker;
}

/** Workers that a job has ended: those that were silent, less those that turned out to be late. */
async function deathsOf({ id, stalledCounter }: Job, redis: Redis): Promise<number> {
  if (stalledCounter === 0) return 0;
  return stalledCounter - Number((await redis.get(`${latePrefix}${id}`)) ?? 0);
}

async function noteLate(job: string, redis: Redis): Promise<void> {
  await redis.incr(`${latePrefix}${job}`);
  await redis.expire(`${latePrefix}${job}`, keptSeconds);
}
