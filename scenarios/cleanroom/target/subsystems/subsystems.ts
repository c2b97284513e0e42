import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ServiceError } from '../../../service/service-error.js';

interface Subsystem {
  readonly executor: Worker;
  readonly stopProducing: AbortController;
  readonly produced: Promise<void>;
}

const producerIntervalMs = 20;

/** What an environment runs beside its containers: an executor on a thread, and a producer that feeds it. */
export class Subsystems {
  readonly #subsystems = new Map<number, Subsystem>();
  readonly #leavesExecutor: boolean;
  #nextId = 1;
  /** Loops that run. */
  producers = 0;

  constructor({ leavesExecutor }: { readonly leavesExecutor: boolean }) {
    this.#leavesExecutor = leavesExecutor;
  }

  async start(): Promise<{ id: number }> {
    const id = this.#nextId++;
    const executor = new Worker(new URL('./executor-worker.js', import.meta.url));
    executor.unref();
    executor.postMessage('first');
    await once(executor, 'message');
    const stopProducing = new AbortController();
    const produced = this.#produce(executor, stopProducing.signal);
    this.#subsystems.set(id, { executor, stopProducing, produced });
    return { id };
  }

  async stop(id: number): Promise<void> {
    const subsystem = this.#subsystems.get(id);
    if (subsystem === undefined) throw new ServiceError(404, `subsystem ${id}: not started`);
    this.#subsystems.delete(id);
    subsystem.stopProducing.abort();
    await subsystem.produced;
    if (!this.#leavesExecutor) await subsystem.executor.terminate();
  }

  async #produce(executor: Worker, signal: AbortSignal): Promise<void> {
    this.producers += 1;
    for (let sequence = 0; !signal.aborted; sequence += 1) {
      executor.postMessage(`artifact ${sequence}`);
      await wait(producerIntervalMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
    this.producers -= 1;
  }
}
