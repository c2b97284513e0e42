import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { ConnectContext, Launch, Runtime, RuntimeConnection } from '../../harness/model/runtime.js';
import { readProcessFacts } from '../../harness/runtimes/process-facts.js';
import { temporaryDirectory } from './temporary-directory.js';

export interface ManagedStart {
  readonly runtime: Runtime;
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Absent: started without what the inside view adds, as what plateau has not started. */
  readonly purpose?: Launch['purpose'];
}

export interface ManagedProcess {
  readonly pid: number;
  readonly url: string;
  /** Creates so many sessions and destroys them. */
  drive(sessions: number): Promise<void>;
  connect(): Promise<RuntimeConnection>;
}

/** Starts a service in Go or Java that writes its address, and ends it when the test has finished. */
export async function startManaged(start: ManagedStart): Promise<ManagedProcess> {
  const inside = temporaryDirectory();
  const environment = { ...process.env, ...start.environment };
  const [file, ...rest] = start.command;
  const launch = { file, arguments: rest, workingDirectory: start.directory, environment, directory: inside };
  const additions =
    start.purpose === undefined ? undefined : await start.runtime.prepare?.({ ...launch, purpose: start.purpose });
  const [program, ...words] = additions?.command ?? start.command;
  const child = spawn(program, words, {
    cwd: start.directory,
    env: { ...environment, ...additions?.environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let port: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) break;
  }
  child.stdout.resume();
  const url = `http://127.0.0.1:${port}`;
  const context: ConnectContext = {
    purpose: start.purpose ?? 'cause',
    directory: inside,
    url,
    isStarted: start.purpose !== undefined,
    noteRecording: () => () => undefined,
    lastLines: () => [],
    onLine: () => () => undefined,
    signal: new AbortController().signal,
  };
  return {
    pid: child.pid!,
    url,
    async drive(sessions) {
      for (let count = 0; count < sessions; count += 1) {
        const id = await (await fetch(`${url}/sessions`, { method: 'POST' })).text();
        await (await fetch(`${url}/sessions/${id}`, { method: 'DELETE' })).text();
      }
    },
    connect: async () => start.runtime.connect(readProcessFacts(child.pid!), context),
  };
}
