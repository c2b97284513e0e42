import { access, constants, open, readlink } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
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

/** A log, or why there is none that plateau may read and write to. */
export type FoundLog = { readonly log: MemoryLog } | { readonly refusal: string | undefined };

/**
 * The log of a server: the output of one that plateau started, else its file. A log that others read is written to in the
 * short pass for the cause alone, since a session's memory takes a hundred lines.
 */
export async function memoryLogOf(
  client: Client,
  { pid, workingDirectory }: ProcessFacts,
  { isStarted, purpose, onLine }: ConnectContext,
): Promise<FoundLog> {
  const collected = await collectedFile(client);
  const file = collected === undefined ? await standardErrorFile(pid) : resolve(workingDirectory ?? '', collected);
  if (file === undefined && isStarted) return { log: outputLog(onLine) };
  if (!isStarted && purpose !== 'cause') return { refusal: undefined };
  if (file !== undefined && (await isReadable(file))) return { log: fileLog(file) };
  if (collected !== undefined && (await isReadableByServer(client, collected)))
    return { log: serverFileLog(client, collected) };
  return { refusal: `${whyUnreadable(collected ?? file)}, or let plateau start the server` };
}

function whyUnreadable(file: string | undefined): string {
  return file === undefined
    ? 'its log goes to no file that plateau finds; set logging_collector = on, connect as a member of pg_monitor, run plateau as root'
    : `its log ${file} may not be read; run plateau as the user of the server, connect as a superuser`;
}

/** The file of the logging collector, below the data directory unless it is absolute; only members of pg_monitor may ask. */
async function collectedFile(client: Client): Promise<string | undefined> {
  const answer = await client
    .query<{ file: string | null }>('select pg_current_logfile() as file')
    .catch(() => undefined);
  return answer?.rows[0]?.file ?? undefined;
}

/** The file that standard error goes to, where it is one. */
async function standardErrorFile(pid: number): Promise<string | undefined> {
  const target = await readlink(`/proc/${pid}/fd/2`).catch(() => '');
  return isAbsolute(target) && !target.startsWith('/dev/') ? target : undefined;
}

function isReadable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}

function isReadableByServer(client: Client, file: string): Promise<boolean> {
  return client.query('select pg_read_binary_file($1, 0, 1)', [file]).then(
    () => true,
    () => false,
  );
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
        const { size } = await file.stat();
        await ask();
        await takeLines(size, take, async (at) => {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(readBytes), 0, readBytes, at);
          return buffer.subarray(0, bytesRead);
        });
      } finally {
        await file.close();
      }
    },
  };
}

/** A log that only the server may read: it reads the file for a superuser. */
function serverFileLog(client: Client, path: string): MemoryLog {
  return {
    async collect(ask, take) {
      const { rows } = await client.query<{ size: string }>('select size from pg_stat_file($1)', [path]);
      await ask();
      await takeLines(Number(rows[0]!.size), take, async (at) => {
        const read = await client.query<{ part: Buffer }>('select pg_read_binary_file($1, $2, $3) as part', [
          path,
          at,
          readBytes,
        ]);
        return read.rows[0]!.part;
      });
    },
  };
}

/** Hands over the lines behind a place in a file that grows, until `take` returns true or five seconds have gone. */
async function takeLines(
  from: number,
  take: (line: string) => boolean,
  read: (at: number) => Promise<Buffer>,
): Promise<void> {
  let at = from;
  let partial = '';
  const deadlineMs = systemClock.monotonicMs() + answerTimeoutMs;
  while (systemClock.monotonicMs() < deadlineMs) {
    const part = await read(at);
    at += part.length;
    const lines = (partial + part.toString('utf8')).split('\n');
    partial = lines.pop()!;
    if (lines.some(take)) return;
    if (part.length === 0) await systemClock.wait(pollMs);
  }
}
