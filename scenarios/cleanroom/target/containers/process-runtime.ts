import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Container, ContainerOptions, ContainerRuntime, Leftovers } from './container-runtime.js';
import { findProcesses, isRunning } from './find-processes.js';

/** Long enough for any run, so that what is forgotten does not go away by itself. */
const lifetimeSeconds = 86_400;
const pollMs = 2;

export interface ProcessRuntimeOptions {
  /** Distinguishes the containers of one service from those of another on the same machine. */
  readonly serviceId: string;
  /** Volumes and networks are directories below it. */
  readonly directory: string;
}

/** Variables that the containers of a service, or of one of its runs, are known by. */
export function containerMarks(serviceId: string, runId?: string): Record<string, string> {
  return { CLEANROOM_SERVICE: serviceId, ...(runId !== undefined && { CLEANROOM_RUN: runId }) };
}

/** Containers as processes: each leads a process group, and carries the ids of its service and run in its environment. */
export class ProcessRuntime implements ContainerRuntime {
  readonly kind = 'process';
  readonly #serviceId: string;
  readonly #volumes: string;
  readonly #networks: string;
  #started = 0;

  constructor({ serviceId, directory }: ProcessRuntimeOptions) {
    this.#serviceId = serviceId;
    this.#volumes = join(directory, 'volumes');
    this.#networks = join(directory, 'networks');
    for (const path of [this.#volumes, this.#networks]) mkdirSync(path, { recursive: true });
  }

  async start({ runId, stubborn = false }: ContainerOptions): Promise<Container> {
    this.#started += 1;
    const id = `${runId}.${this.#started}`;
    mkdirSync(join(this.#volumes, id));
    writeFileSync(join(this.#volumes, id, 'state'), id);
    mkdirSync(join(this.#networks, id));
    // Signals that are ignored stay ignored through exec.
    const script = `${stubborn ? "trap '' TERM; " : ''}echo up; exec sleep ${lifetimeSeconds}`;
    const child = spawn('sh', ['-c', script], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...containerMarks(this.#serviceId, runId), CLEANROOM_CONTAINER: id },
    });
    await untilUp(child);
    return { id, runId, pid: child.pid! };
  }

  async signal({ pid }: Container, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    // Those that a script started may belong to its group instead of leading their own.
    if (!send(-pid!, signal)) send(pid!, signal);
  }

  async gone({ pid }: Container, timeoutMs: number): Promise<boolean> {
    const deadlineMs = performance.now() + timeoutMs;
    while (isRunning(pid!)) {
      if (performance.now() > deadlineMs) return false;
      await wait(pollMs);
    }
    return true;
  }

  async removeLeftovers({ id }: Container): Promise<void> {
    for (const path of [this.#volumes, this.#networks]) rmSync(join(path, id), { recursive: true, force: true });
  }

  async list(runId?: string): Promise<readonly Container[]> {
    return findProcesses(containerMarks(this.#serviceId, runId)).flatMap(({ pid, environment }) => {
      const id = environment.get('CLEANROOM_CONTAINER');
      return id === undefined ? [] : [{ id, pid, runId: environment.get('CLEANROOM_RUN') ?? '' }];
    });
  }

  async countLeftovers(): Promise<Leftovers> {
    const count = (path: string) => (existsSync(path) ? readdirSync(path).length : 0);
    return { volumes: count(this.#volumes), networks: count(this.#networks) };
  }
}

/** @returns false when there is nobody of that number */
function send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** @throws {Error} when it ends before it is up */
async function untilUp(child: ChildProcess): Promise<void> {
  const failed = new AbortController();
  const fail = () => failed.abort();
  child.once('error', fail);
  child.once('exit', fail);
  try {
    await once(child.stdout!, 'data', { signal: failed.signal });
  } finally {
    child.off('exit', fail);
    // The container keeps running whatever becomes of its starter.
    child.stdout?.destroy();
    child.unref();
  }
}
