import { planted } from '../defects.js';
import { TransactionContext } from './transaction-context.js';

/** Contexts kept for the next transactions; those beyond are left to the garbage collector. */
export const pooledContextsMax = 8;

/** Saves making a context for every transaction. */
export class ContextPool {
  readonly #idle: TransactionContext[] = [];
  readonly #idleByClient = new Map<string, TransactionContext>();
  #acquired = 0;

  get idleCount(): number {
    return this.#idle.length + this.#idleByClient.size;
  }

  /** Handed out and not given back. */
  get acquiredCount(): number {
    return this.#acquired;
  }

  /** Entries that idle contexts still hold; 0 in a sound service. */
  get staleCount(): number {
    return this.#idle.reduce((sum, context) => sum + context.staleCount, 0);
  }

  acquire(client: string): TransactionContext {
    this.#acquired += 1;
    if (planted('pool-no-cap')) return this.#takeOfClient(client) ?? new TransactionContext();
    return this.#idle.pop() ?? new TransactionContext();
  }

  release(context: TransactionContext): void {
    this.#acquired -= 1;
    const { client } = context;
    context.reset();
    if (planted('pool-no-cap')) this.#idleByClient.set(client, context);
    else if (this.#idle.length < pooledContextsMax) this.#idle.push(context);
  }

  /** Of `pool-no-cap` alone: a context is kept for its client, and a client that does not come back leaves it. */
  #takeOfClient(client: string): TransactionContext | undefined {
    const context = this.#idleByClient.get(client);
    this.#idleByClient.delete(client);
    return context;
  }
}
