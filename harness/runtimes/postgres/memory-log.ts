import { open, readlink } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Client } from 'pg';
import type { ConnectContext, ProcessFacts } from '../../model/runtime.js';
import { systemClock } from '../../platform/clock.js';

const answerTimeoutMs = 1_000;
const pollMs = 2;

/** Where a server writes what sessions are asked to log. */
export interface MemoryLog {
  /**
   * Asks, then takes lines until the last one that is wanted.
   * @returns undefined where that does not come within a second
   */
  collect(ask: () => Promise<unknown>, isLast: (line: string) => boolean): Promise<string[] | undefined>;
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
    async collect(ask, isLast) {
      const lines: string[] = [];
      const done = new AbortController();
      let isComplete = false;
      const stop = onLine((line) => {
        lines.push(line);
        if (!isLast(line)) return;
        isComplete = true;
        done.abort();
      });
      try {
        await ask();
        if (!isComplete) await systemClock.wait(answerTimeoutMs, done.signal);
      } finally {
        stop();
      }
      return isComplete ? lines : undefined;
    },
  };
}

function fileLog(path: string): MemoryLog {
  return {
    async collect(ask, isLast) {
      const file = await open(path, 'r');
      try {
        let { size: at } = await file.stat();
        await ask();
        const lines: string[] = [];
        let partial = '';
        const deadlineMs = systemClock.monotonicMs() + answerTimeoutMs;
        while (systemClock.monotonicMs() < deadlineMs) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536, at);
          at += bytesRead;
          const read = (partial + buffer.toString('utf8', 0, bytesRead)).split('\n');
          partial = read.pop()!;
          lines.push(...read);
          if (read.some(isLast)) return lines;
          if (bytesRead === 0) await systemClock.wait(pollMs);
        }
        return undefined;
      } finally {
        await file.close();
      }
    },
  };
}
