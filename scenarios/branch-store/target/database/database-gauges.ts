import type { CommitPipeline } from '../transactions/commit-pipeline.js';
import type { Transactions } from '../transactions/transactions.js';
import type { DatabaseState } from './database-state.js';

/** Sizes of everything that could grow; counted when asked, not kept beside what they count. */
export type Gauges = Record<string, number>;

/** The parts of a database that hold something. */
interface Holders {
  readonly state: DatabaseState;
  readonly pipeline: CommitPipeline;
  readonly transactions: Transactions;
  readonly openTransactions: { readonly size: number };
}

export function databaseGauges({ state, pipeline, transactions, openTransactions }: Holders): Gauges {
  let keys = 0;
  let versions = 0;
  for (const { chains } of state.store.shards()) {
    keys += chains.size;
    for (const chain of chains.values()) versions += chain.length;
  }
  return {
    branches: state.branches.size,
    shards: state.store.shardCount,
    keys,
    versions,
    readers: state.readers.count,
    commitLocks: pipeline.locks.size,
    deletingBranches: pipeline.deleting.size,
    documents: state.search.documentCount,
    postings: state.search.postingCount,
    vectorHeaps: state.vectors.heapCount,
    vectorSlabs: state.vectors.slabCount,
    expiries: state.expiries.size,
    openTransactions: openTransactions.size,
    contextsAcquired: transactions.pool.acquiredCount,
    contextsIdle: transactions.pool.idleCount,
    contextsStale: transactions.pool.staleCount,
  };
}

/** Entry by entry. */
export function sumGauges(all: Iterable<Gauges>): Gauges {
  const sum: Gauges = {};
  for (const gauges of all) {
    for (const [name, value] of Object.entries(gauges)) sum[name] = (sum[name] ?? 0) + value;
  }
  return sum;
}
