import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SnapshotAnalysis, SnapshotPair } from './analyse-snapshots.js';
import type { SnapshotTask } from './snapshot-process.js';
import type { WaitingCalls, WaitingSnapshot } from './waiting-calls.js';

const script = fileURLToPath(new URL('./snapshot-process.js', import.meta.url));
const timeoutMs = 90_000;

/** @throws {Error} when it fails, is aborted or takes longer than a minute and a half */
export function analyseSnapshotsApart(pair: SnapshotPair, signal?: AbortSignal): Promise<SnapshotAnalysis> {
  return readApart({ compare: pair }, signal);
}

/** @throws {Error} when it fails or takes longer than a minute and a half */
export function findWaitingCallsApart(snapshot: WaitingSnapshot): Promise<readonly WaitingCalls[]> {
  return readApart({ waiting: snapshot });
}

/**
 * Reads snapshots in a child process, whose memory is gone with it: a snapshot of a heap of 128 MiB takes about
 * 400 MiB to read.
 */
function readApart<Result>(task: SnapshotTask, signal?: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(script, {
      execArgv: ['--max-old-space-size=3072'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(signal && { signal }),
    });
    let complaints = '';
    let result: Result | undefined;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-2_000);
    });
    child.on('message', (message: Result) => {
      result = message;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (result !== undefined) resolve(result);
      else reject(new Error(`reading the heap snapshots ended with ${signal ?? code}: ${complaints.trim()}`));
    });
    child.send(task);
  });
}
