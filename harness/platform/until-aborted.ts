import { once } from 'node:events';

/**
 * What `work` resolves to, unless `signal` is aborted first; the work itself goes on, and its outcome is dropped.
 * @throws the signal's reason when that is aborted
 */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const done = new AbortController();
  const aborted = async (): Promise<never> => {
    if (!signal.aborted) await once(signal, 'abort', { signal: done.signal });
    throw signal.reason;
  };
  try {
    return await Promise.race([aborted(), work]);
  } finally {
    done.abort();
  }
}
