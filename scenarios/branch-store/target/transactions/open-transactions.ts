import { notFound } from '../client-errors.js';
import type { TransactionContext } from './transaction-context.js';
import type { Transactions } from './transactions.js';

const timeoutMs = 5 * 60_000;

/** Transactions that span several requests; those forgotten by their client are aborted after five minutes. */
export class OpenTransactions {
  readonly #transactions: Transactions;
  readonly #open = new Map<number, TransactionContext>();
  #timer: NodeJS.Timeout | undefined;

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
  }

  get size(): number {
    return this.#open.size;
  }

  begin(branchName: string, client: string): number {
    const context = this.#transactions.begin(branchName, client);
    this.#open.set(context.id, context);
    this.#timer ??= setTimeout(() => this.#abortForgotten(), timeoutMs);
    return context.id;
  }

  get(id: number): TransactionContext {
    const context = this.#open.get(id);
    if (context === undefined) throw notFound(`transaction ${id}`);
    return context;
  }

  commit(id: number): Promise<number> {
    return this.#transactions.commit(this.#take(id));
  }

  abort(id: number): void {
    this.#transactions.abort(this.#take(id));
  }

  abortAll(): void {
    for (const id of [...this.#open.keys()]) this.abort(id);
  }

  list(): { id: number; client: string; branch: string; startedAt: number }[] {
    return [...this.#open.values()].map(({ id, client, branchName, startedAt }) => {
      return { id, client, branch: branchName, startedAt };
    });
  }

  /** Out of the table before anything is awaited, so that nobody ends it twice. */
  #take(id: number): TransactionContext {
    const context = this.get(id);
    this.#open.delete(id);
    if (this.#open.size === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    return context;
  }

  #abortForgotten(): void {
    this.#timer = undefined;
    const now = Date.now();
    for (const { id, startedAt } of [...this.#open.values()]) if (now - startedAt >= timeoutMs) this.abort(id);
    const [oldest] = this.#open.values();
    if (oldest === undefined) return;
    this.#timer = setTimeout(() => this.#abortForgotten(), oldest.startedAt + timeoutMs - now);
  }
}
