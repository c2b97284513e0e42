import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isConflict, notFound } from '../client-errors.js';
import { planted } from '../defects.js';
import type { LogWriter } from '../storage/log-writer.js';
import { writeSnapshot } from '../storage/snapshot.js';
import { LongReader } from '../store/long-reader.js';
import { type Family, storeKey, type Write } from '../store/write.js';
import { CommitPipeline, type Durability } from '../transactions/commit-pipeline.js';
import { OpenTransactions } from '../transactions/open-transactions.js';
import { isExpired, Transactions } from '../transactions/transactions.js';
import { Branches } from './branches.js';
import { Checkpointer, type CheckpointMode } from './checkpointer.js';
import { databaseGauges, type Gauges } from './database-gauges.js';
import type { DatabasePaths } from './database-paths.js';
import { DatabaseState } from './database-state.js';
import { recover, replaySegments } from './recovery.js';

/** A branch that every database has. */
export const mainBranch = 'main';

/** With this many others before it, a write gives up. */
const attemptsMax = 64;

interface DatabaseParts {
  readonly paths: DatabasePaths;
  readonly state: DatabaseState;
  readonly log: LogWriter;
  readonly checkpointer: Checkpointer;
}

/** One database: its state in memory, its log and snapshots on disk, and what can be done with them. */
export class Database {
  readonly state: DatabaseState;
  readonly pipeline: CommitPipeline;
  readonly branches: Branches;
  readonly transactions: Transactions;
  readonly openTransactions: OpenTransactions;
  readonly checkpointer: Checkpointer;
  readonly #paths: DatabasePaths;
  readonly #log: LogWriter;

  private constructor({ paths, state, log, checkpointer }: DatabaseParts) {
    const longReader = planted('long-reader') ? new LongReader(state.readers) : undefined;
    this.#paths = paths;
    this.#log = log;
    this.state = state;
    this.checkpointer = checkpointer;
    this.pipeline = new CommitPipeline({
      state,
      log,
      onCommitted: (segmentNumber) => {
        checkpointer.noteWrite(segmentNumber);
        longReader?.noteCommit(state.publishedVersion);
      },
    });
    this.branches = new Branches(state, this.pipeline);
    this.transactions = new Transactions(state, this.pipeline);
    this.openTransactions = new OpenTransactions(this.transactions);
  }

  /** Recovers what is there, or begins a new one. */
  static async open(paths: DatabasePaths, mode: CheckpointMode): Promise<Database> {
    const state = new DatabaseState();
    await paths.create();
    const recovery = await recover(paths, state).catch((error: unknown) => {
      state.stop();
      throw error;
    });
    const checkpointer = new Checkpointer({ paths, state, mode, ...recovery });
    const database = new Database({ paths, state, log: recovery.log, checkpointer });
    try {
      if (state.branches.named(mainBranch) === undefined) await database.branches.create(mainBranch);
      return database;
    } catch (error) {
      await database.close({ checkpoint: false });
      throw error;
    }
  }

  /** No maintenance is due and nothing waits for the disk. */
  get isQuiet(): boolean {
    return this.state.collector.isQuiet && this.checkpointer.isQuiet && !this.#log.hasUnwritten;
  }

  gauges(): Gauges {
    return databaseGauges(this);
  }

  /** One commit of several changes, whoever else writes the same keys. */
  async write(branchName: string, writes: readonly Write[], durability: Durability = 'durable'): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      const context = this.transactions.begin(branchName, 'single');
      for (const write of writes) this.transactions.stage(context, write);
      try {
        return await this.transactions.commit(context, durability);
      } catch (error) {
        if (!isConflict(error) || attempt === attemptsMax) throw error;
      }
    }
  }

  /**
   * @param version as of this commit; absent: the newest
   * @throws {ServiceError} 404
   */
  read(branchName: string, family: Family, key: string, version = this.state.publishedVersion): unknown {
    const { id } = this.branches.require(branchName);
    const visible = this.state.store.chain(id, storeKey({ family, key }))?.visibleAt(version);
    if (visible?.value === undefined || isExpired(visible.expiresAt)) throw notFound(`${family} "${key}"`);
    return visible.value;
  }

  /** Deletes the vectors of a collection, then the collection, in one commit. */
  async deleteCollection(branchName: string, collection: string): Promise<number> {
    const { id } = this.branches.require(branchName);
    if (this.state.vectors.get(id, collection) === undefined) throw notFound(`collection "${collection}"`);
    const prefix = storeKey({ family: 'vector', key: `${collection}/` });
    const writes: Write[] = [];
    for (const key of this.state.store.shard(id)?.chains.keys() ?? []) {
      if (key.startsWith(prefix)) writes.push({ family: 'vector', key: key.slice('vector/'.length) });
    }
    return this.write(branchName, [...writes, { family: 'collection', key: collection }]);
  }

  /** Applies the log once more; a sound state does not change. */
  async replay(): Promise<void> {
    await replaySegments(this.#paths, this.state);
  }

  /** Writes a branch, as it is now, to a file of its own. */
  async exportBranch(branchName: string, exportName: string): Promise<void> {
    const { id } = this.branches.require(branchName);
    const reader = { startVersion: this.state.publishedVersion };
    this.state.readers.enter(reader);
    try {
      await writeSnapshot(this.#exportPath(exportName), this.state.store, reader.startVersion, 'export', id);
    } finally {
      this.state.readers.leave(reader);
    }
  }

  async removeExport(exportName: string): Promise<void> {
    await rm(this.#exportPath(exportName), { force: true });
  }

  /** @param checkpoint also puts the log into a snapshot, so that the next start has nothing to replay */
  async close({ checkpoint }: { checkpoint: boolean }): Promise<void> {
    this.openTransactions.abortAll();
    await this.checkpointer.stop();
    if (checkpoint) await this.checkpointer.runIfPossible();
    this.state.stop();
    await this.#log.dispose();
  }

  #exportPath(name: string): string {
    return join(this.#paths.exports, `${name}.export`);
  }
}
