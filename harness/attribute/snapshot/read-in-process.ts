import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LaterSnapshot, SnapshotAnalysis } from './analyse-snapshots.js';
import type { SnapshotTask } from './snapshot-process.js';
import type { WaitingCalls, WaitingSnapshot } from './waiting-calls.js';

const script = fileURLToPath(new URL('./snapshot-process.js', import.meta.url));
const timeoutMs = 90_000;

/** @throws {Error} when it fails or takes longer than a minute and a half */
export function findWaitingCallsApart(snapshot: WaitingSnapshot): Promise<readonly WaitingCalls[]> {
  return new SnapshotProcess().ask({ waiting: snapshot });
}

/** Compares snapshots of one process; the first of a pair is read as soon as it is there, while the target is still driven. */
export class SnapshotsApart {
  private process: SnapshotProcess | undefined;

  /** @param signal ends the reading */
  constructor(private readonly signal?: AbortSignal) {}

  /** Must be followed by `compare` or `close`. */
  readEarlier(path: string): void {
    this.process = new SnapshotProcess(this.signal);
    this.process.send({ earlier: path });
  }

  /** @throws {Error} when it fails, is aborted or takes longer than a minute and a half */
  compare(later: LaterSnapshot): Promise<SnapshotAnalysis> {
    this.process ??= new SnapshotProcess(this.signal);
    return this.process.ask({ later });
  }

  close(): void {
    this.process?.end();
  }
}

/**
 * Reads snapshots in a child process, whose memory is gone with it: a snapshot of a heap of 128 MiB takes about
 * 400 MiB to read.
 */
class SnapshotProcess {
  private readonly child: ChildProcess;
  private readonly result: Promise<unknown>;

  constructor(signal?: AbortSignal) {
    const child = fork(script, {
      execArgv: ['--max-old-space-size=3072'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      killSignal: 'SIGKILL',
      ...(signal && { signal }),
    });
    this.child = child;
    let complaints = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-2_000);
    });
    this.result = new Promise((resolve, reject) => {
      child.on('message', resolve);
      child.on('error', reject);
      child.on('close', (code, signal) => {
        reject(new Error(`reading the heap snapshots ended with ${signal ?? code}: ${complaints.trim()}`));
      });
    });
    // It may end before it is asked.
    this.result.catch(() => undefined);
  }

  send(task: SnapshotTask): void {
    // Where it has ended, the result shows why.
    this.child.send(task, () => undefined);
  }

  async ask<Result>(task: SnapshotTask): Promise<Result> {
    const timer = setTimeout(() => this.end(), timeoutMs);
    this.send(task);
    try {
      return (await this.result) as Result;
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.child.kill('SIGKILL');
  }
}
