import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ServiceError } from '../../../service/service-error.js';
import type { RunnerPlan } from './runner-plan.js';

export type RunnerRequest = Pick<RunnerPlan, 'containers' | 'guards' | 'ending'>;
type SharedPlan = Omit<RunnerPlan, keyof RunnerRequest | 'runId'>;

const script = fileURLToPath(new URL('./runner.js', import.meta.url));

/** Test runs in processes of their own. */
export class Runners {
  readonly #runners = new Map<number, ChildProcess>();
  readonly #shared: SharedPlan;
  #nextId = 1;

  constructor(shared: SharedPlan) {
    this.#shared = shared;
  }

  get size(): number {
    return this.#runners.size;
  }

  /** Resolves when the runner has set up what it was asked to. */
  async start(request: RunnerRequest): Promise<{ id: number; runId: string }> {
    const id = this.#nextId++;
    const runId = `run-${id}`;
    const plan: RunnerPlan = { ...this.#shared, ...request, runId };
    const child = spawn(process.execPath, [script, JSON.stringify(plan)], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#runners.set(id, child);
    const up = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (!Buffer.isBuffer(up[0])) throw new Error(`runner ${runId}: ended before it was up`);
    child.stdout.resume();
    return { id, runId };
  }

  /** Waits until it has ended, by itself or by a signal. */
  async end(id: number, signal?: 'SIGTERM' | 'SIGKILL'): Promise<{ runId: string }> {
    const child = this.#runners.get(id);
    if (child === undefined) throw new ServiceError(404, `runner ${id}: not started`);
    if (signal !== undefined) child.kill(signal);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    this.#runners.delete(id);
    return { runId: `run-${id}` };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#runners.keys()].map((id) => this.end(id, 'SIGKILL')));
  }
}
