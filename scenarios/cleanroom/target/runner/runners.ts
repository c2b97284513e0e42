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

  /** Waits until it has ended; with SIGTERM where it would not by itself. */
  async end(id: number, { terminate }: { readonly terminate: boolean }): Promise<void> {
    const child = this.#runners.get(id);
    if (child === undefined) throw new ServiceError(404, `runner ${id}: not started`);
    if (terminate) child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    this.#runners.delete(id);
  }

  async close(): Promise<void> {
    for (const child of this.#runners.values()) child.kill('SIGKILL');
    await Promise.all([...this.#runners.keys()].map((id) => this.end(id, { terminate: false })));
  }
}
