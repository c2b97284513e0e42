import { open, readlink } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Client } from 'pg';
import type { ConnectContext, ProcessFacts } from '../../model/runtime.js';
import { systemClock } from '../../platform/clock.js';

const answerTimeoutMs = 5_000;
const pollMs = 2;
const readBytes = 65_536;

/** Where a server writes what sessions are asked to log. */
export interface MemoryLog {
  /**
   * Asks, then hands over lines until `take` returns true for the last one that is wanted, or five seconds have gone.
   */
  collect(ask: () => Promise<unknown>, take: (line: string) => boolean): Promise<void>;
}

/**
 * The log of a server: the output of one that plateau started, else its file. A log that others read is written to in the
 * short pass for the cause alone, since a session's memory takes a hundred lines.
 */
export async function memoryLogOf(
  client: Client,
  { pid, workingDirectory }: ProcessFacts,
  { isStarted, purpose, onLine }: ConnectContext,
): Promise<MemoryLog | undefined> {
  const file = await logFileOf(client, pid, workingDirectory);
  if (file === undefined) return isStarted ? outputLog(onLine) : undefined;
  return isStarted || purpose === 'cause' ? fileLog(file) : undefined;
}

/** The file of the logging collector, or the one that standard error goes to. */
async function logFileOf(client: Client, pid: number, dataDirectory = ''): Promise<string | undefined> {
  const answer = await client
    .query<{ file: string | null }>('select pg_current_logfile() as file')
    .catch(() => undefined);
  const collected = answer?.rows[0]?.file;
  if (typeof collected === 'string') return isAbsolute(collected) ? collected : join(dataDirectory, collected);
  const standardError = await readlink(`/proc/${pid}/fd/2`).catch(() => '');
  return isAbsolute(standardError) && !standardError.startsWith('/dev/') ? standardError : undefined;
}

function outputLog(onLine: ConnectContext['onLine']): MemoryLog {
  return {
    async collect(ask, take) {
      const done = new AbortController();
      const stop = onLine((line) => {
        if (!done.signal.aborted && take(line)) done.abort();
      });
      try {
        await ask();
        if (!done.signal.aborted) await systemClock.wait(answerTimeoutMs, done.signal);
      } finally {
        stop();
      }
    },
  };
}

function fileLog(path: string): MemoryLog {
  return {
    async collect(ask, take) {
      const file = await open(path, 'r');
      try {
        let { size: at } = await file.stat();
        await ask();
        let partial = '';
        const deadlineMs = systemClock.monotonicMs() + answerTimeoutMs;
        while (systemClock.monotonicMs() < deadlineMs) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(readBytes), 0, readBytes, at);
          at += bytesRead;
          const lines = (partial + buffer.toString('utf8', 0, bytesRead)).split('\n');
          partial = lines.pop()!;
          if (lines.some(take)) return;
          if (bytesRead === 0) await systemClock.wait(pollMs);
        }
      } finally {
        await file.close();
      }
    },
  };
}
