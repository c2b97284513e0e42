import { VersionChain } from './version-chain.js';

/** The keys of one branch. */
export interface Shard {
  readonly branchId: string;
  readonly chains: Map<string, VersionChain>;
}

/** The shard that holds the catalogue of branches. */
export const systemBranchId = 'system';

/** Every branch's keys with their versions. */
export class Store {
  readonly #shards = new Map<string, Shard>();

  constructor() {
    this.addShard(systemBranchId);
  }

  addShard(branchId: string): void {
    if (!this.#shards.has(branchId)) this.#shards.set(branchId, { branchId, chains: new Map() });
  }

  dropShard(branchId: string): void {
    this.#shards.delete(branchId);
  }

  shard(branchId: string): Shard | undefined {
    return this.#shards.get(branchId);
  }

  shards(): Iterable<Shard> {
    return this.#shards.values();
  }

  get shardCount(): number {
    return this.#shards.size;
  }

  chain(branchId: string, key: string): VersionChain | undefined {
    return this.#shards.get(branchId)?.chains.get(key);
  }

  /** The chain of a key, made if need be; `undefined` when the branch is gone. */
  openChain(branchId: string, key: string): VersionChain | undefined {
    const chains = this.#shards.get(branchId)?.chains;
    let chain = chains?.get(key);
    if (chains !== undefined && chain === undefined) {
      chain = new VersionChain();
      chains.set(key, chain);
    }
    return chain;
  }
}
