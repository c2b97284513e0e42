import { notFound } from '../client-errors.js';
import type { DatabaseState } from '../database/database-state.js';
import { storeKey, type Write } from '../store/write.js';
import type { CommitPipeline, Durability } from './commit-pipeline.js';
import { ContextPool } from './context-pool.js';
import type { TransactionContext, WriteMode } from './transaction-context.js';

/** Begins and ends transactions: every context that is taken from the pool goes back, however the transaction ends. */
export class Transactions {
  readonly pool = new ContextPool();
  readonly #state: DatabaseState;
  readonly #pipeline: CommitPipeline;
  #lastId = 0;

  constructor(state: DatabaseState, pipeline: CommitPipeline) {
    this.#state = state;
    this.#pipeline = pipeline;
  }

  /** The caller must end it with `commit` or `abort`. */
  begin(branchName: string, client: string): TransactionContext {
    const branch = this.#state.branches.named(branchName);
    if (branch === undefined) throw notFound(`branch "${branchName}"`);
    const context = this.pool.acquire(client);
    this.#lastId += 1;
    context.begin(this.#lastId, branch, client, this.#state.publishedVersion);
    this.#state.readers.enter(context);
    return context;
  }

  /** What the transaction sees, its own changes first. */
  read(context: TransactionContext, key: string): unknown {
    const changed = context.writes.get(key);
    if (changed !== undefined) return changed.value;
    const visible = this.#state.store.chain(context.branchId, key)?.visibleAt(context.startVersion);
    context.reads.set(key, visible?.version ?? 0);
    return isExpired(visible?.expiresAt) ? undefined : visible?.value;
  }

  stage(context: TransactionContext, write: Write, mode: WriteMode = 'overwrite'): void {
    const key = storeKey(write);
    context.writes.set(key, write);
    if (mode !== 'overwrite') context.writeModes.set(key, mode);
  }

  /** Ends the transaction also when it fails. */
  async commit(context: TransactionContext, durability: Durability = 'durable'): Promise<number> {
    try {
      const version = await this.#pipeline.commit(context, durability);
      context.status = 'committed';
      return version;
    } finally {
      this.#end(context);
    }
  }

  abort(context: TransactionContext): void {
    context.status = 'aborted';
    this.#end(context);
  }

  #end(context: TransactionContext): void {
    this.#state.readers.leave(context);
    this.pool.release(context);
  }
}

export function isExpired(expiresAt: number | undefined): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}
