import { planted } from '../defects.js';
import { type Expiry, ExpiryIndex } from '../indexes/expiry-index.js';
import { ExpirySweeper } from '../indexes/expiry-sweeper.js';
import { SearchIndex } from '../indexes/search-index.js';
import { VectorCollections } from '../indexes/vector-collections.js';
import type { LogRecord } from '../storage/record.js';
import type { SnapshotEntry } from '../storage/snapshot.js';
import { GarbageCollector } from '../store/garbage-collector.js';
import { Readers } from '../store/readers.js';
import { keepAll } from '../store/retention.js';
import { type Shard, Store } from '../store/store.js';
import { parseStoreKey, storeKey, type Write } from '../store/write.js';
import { type Branch, BranchCatalogue } from './branch-catalogue.js';

/**
 * All that a database holds in memory. It changes by applying log records and in no other way, so that recovery,
 * replay and live commits end in the same state.
 */
export class DatabaseState {
  readonly store = new Store();
  readonly branches = new BranchCatalogue();
  readonly search = new SearchIndex();
  readonly vectors = new VectorCollections();
  readonly expiries = new ExpiryIndex();
  readonly readers = new Readers(() => this.collector.wake());
  readonly collector = new GarbageCollector({
    store: this.store,
    oldestReader: () => this.readers.oldestVersion(this.publishedVersion),
    policyOf: (branchId) => (this.#ignoresRetention(branchId) ? keepAll : this.branches.policyOf(branchId)),
  });
  readonly #sweeper = new ExpirySweeper(this.expiries, (expiry) => this.#expire(expiry));
  /** The newest commit that readers see. */
  publishedVersion = 0;

  apply(record: LogRecord): void {
    for (const write of record.writes) this.#applyWrite(record.version, record.branchId, write);
    this.publishedVersion = Math.max(this.publishedVersion, record.version);
  }

  /** Into an empty state. */
  restore(entries: readonly SnapshotEntry[], version: number): void {
    for (const { branchId, key, versions } of entries) {
      for (const { version, ...change } of versions) {
        this.#applyWrite(version, branchId, { ...parseStoreKey(key), ...change });
      }
    }
    this.publishedVersion = version;
  }

  /** Ends all timers. */
  stop(): void {
    this.collector.stop();
    this.#sweeper.stop();
  }

  #applyWrite(version: number, branchId: string, write: Write): void {
    const key = storeKey(write);
    const { value, expiresAt } = write;
    const added = this.store
      .openChain(branchId, key)
      ?.add({ version, ...(value !== undefined && { value }), ...(expiresAt !== undefined && { expiresAt }) });
    if (!added) return;
    this.#index(branchId, write);
    if (expiresAt !== undefined) {
      this.expiries.add({ expiresAt, branchId, key, version });
      this.#sweeper.wake();
    }
    this.collector.noteWrite(branchId, key);
  }

  /** What follows from a write beside the key's new version. */
  #index(branchId: string, { family, key, value }: Write): void {
    if (family === 'branch') this.#putBranch(key, value as Omit<Branch, 'name'> | undefined);
    if (family === 'document') {
      if (value === undefined) this.search.remove(branchId, key);
      else this.search.add(branchId, key, value as string);
    }
    if (family === 'collection') {
      if (value === undefined) this.vectors.drop(branchId, key);
      else this.vectors.create(branchId, key, (value as { dimension: number }).dimension);
    }
    if (family === 'vector') {
      const slash = key.indexOf('/');
      const heap = this.vectors.get(branchId, key.slice(0, slash));
      const id = key.slice(slash + 1);
      if (value === undefined) heap?.delete(id);
      else heap?.upsert(id, value as number[]);
    }
  }

  #putBranch(name: string, value: Omit<Branch, 'name'> | undefined): void {
    if (value !== undefined) {
      this.branches.put({ name, ...value });
      this.store.addShard(value.id);
      return;
    }
    const branch = this.branches.named(name);
    const shard = branch && this.store.shard(branch.id);
    if (shard !== undefined) this.#dropBranch(branch!, shard);
  }

  #dropBranch(branch: Branch, shard: Shard): void {
    if (!planted('search-postings')) {
      for (const [storeKey] of shard.chains) {
        const { family, key } = parseStoreKey(storeKey);
        if (family === 'document') this.search.remove(branch.id, key);
      }
    }
    this.vectors.dropBranch(branch.id);
    this.collector.forget(shard);
    this.store.dropShard(branch.id);
    this.branches.remove(branch);
  }

  /** Not logged: whoever recovers the key finds that its time is over. */
  #expire({ branchId, key, version }: Expiry): void {
    const chain = this.store.chain(branchId, key);
    if (chain?.newest?.version !== version) return;
    const { family, key: name } = parseStoreKey(key);
    this.#index(branchId, { family, key: name });
    this.store.shard(branchId)?.chains.delete(key);
  }

  #ignoresRetention(branchId: string): boolean {
    return planted('retention-ignored') && this.branches.withId(branchId)?.retention !== undefined;
  }
}
