import { badRequest, conflict, notFound } from '../client-errors.js';
import type { DatabaseState } from '../database/database-state.js';
import { planted } from '../defects.js';
import type { LogWriter } from '../storage/log-writer.js';
import { encodeRecord } from '../storage/record.js';
import { storeKey, type Write } from '../store/write.js';
import { CommitLocks } from './commit-locks.js';
import type { TransactionContext } from './transaction-context.js';

/** `relaxed`: answered before it is on disk, where it is within 100 ms. */
export type Durability = 'durable' | 'relaxed';

interface PipelineParts {
  readonly state: DatabaseState;
  readonly log: LogWriter;
  /** Notified of each commit with the segment that holds it; a relaxed one has none yet. */
  readonly onCommitted: (segmentNumber: number | undefined) => void;
}

/** From a transaction's changes to a durable, visible version: lock, check, log, publish. */
export class CommitPipeline {
  readonly locks = new CommitLocks();
  /** Branches whose deletion has begun: they take no more commits. */
  readonly deleting = new Set<string>();
  readonly #parts: PipelineParts;
  #lastVersion: number;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#lastVersion = parts.state.publishedVersion;
  }

  /**
   * @returns the version that holds the changes
   * @throws {ServiceError} 404 when the branch is gone, 409 when another transaction was faster
   */
  async commit(context: TransactionContext, durability: Durability): Promise<number> {
    const { branchId } = context;
    if (!planted('fixed-racy')) this.#requireOpen(context);
    await this.locks.acquire(branchId);
    try {
      this.#requireOpen(context);
      this.#check(context);
      return await this.write(branchId, [...context.writes.values()], durability);
    } finally {
      this.locks.release(branchId);
    }
  }

  /** Without a lock: for the catalogue of branches, whose names are reserved while they change. */
  async write(branchId: string, writes: readonly Write[], durability: Durability = 'durable'): Promise<number> {
    const { log, state, onCommitted } = this.#parts;
    this.#lastVersion += 1;
    const record = { version: this.#lastVersion, branchId, writes };
    const bytes = encodeRecord(record);
    let segmentNumber: number | undefined;
    if (durability === 'durable') segmentNumber = await log.append(bytes);
    else log.appendRelaxed(bytes);
    state.apply(record);
    onCommitted(segmentNumber);
    return record.version;
  }

  #requireOpen({ branchId, branchName }: TransactionContext): void {
    const { branches } = this.#parts.state;
    if (branches.withId(branchId) === undefined || this.deleting.has(branchId))
      throw notFound(`branch "${branchName}"`);
  }

  /** First committer wins: nothing that was read or is written may have changed since the transaction began. */
  #check({ branchId, startVersion, reads, writes, writeModes }: TransactionContext): void {
    const { store } = this.#parts.state;
    for (const [key, version] of reads) {
      if ((store.chain(branchId, key)?.newest?.version ?? 0) !== version) throw conflict(`"${key}" was changed`);
    }
    for (const [key, write] of writes) {
      const newest = store.chain(branchId, key)?.newest;
      if (newest !== undefined && newest.version > startVersion) throw conflict(`"${key}" was changed`);
      if (writeModes.get(key) === 'create-only' && newest?.value !== undefined) throw conflict(`"${key}" exists`);
      if (write.family === 'vector' && write.value !== undefined) this.#checkVector(branchId, write, writes);
    }
  }

  #checkVector(branchId: string, write: Write, writes: ReadonlyMap<string, Write>): void {
    const collection = write.key.slice(0, write.key.indexOf('/'));
    const configured = writes.get(storeKey({ family: 'collection', key: collection }))?.value;
    const dimension =
      (configured as { dimension: number } | undefined)?.dimension ??
      this.#parts.state.vectors.get(branchId, collection)?.dimension;
    if (dimension === undefined) throw notFound(`collection "${collection}"`);
    if ((write.value as number[]).length !== dimension)
      throw badRequest(`"${collection}" holds vectors of ${dimension}`);
  }
}
