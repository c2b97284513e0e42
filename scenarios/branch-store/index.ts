import type { ScenarioDefinition } from '../../harness/index.js';
import branchRaces from './branch-races.scenario.js';
import branches from './branches.scenario.js';
import branchesTidied from './branches-tidied.scenario.js';
import branchesWithoutCommit from './branches-without-commit.scenario.js';
import collections from './collections.scenario.js';
import history from './history.scenario.js';
import keys from './keys.scenario.js';
import manifest from './manifest.scenario.js';
import manifestOneDatabase from './manifest-one-database.scenario.js';
import recovery from './recovery.scenario.js';
import replay from './replay.scenario.js';
import retention from './retention.scenario.js';
import rustBranches from './rust-branches.scenario.js';
import rustUpdates from './rust-updates.scenario.js';
import search from './search.scenario.js';
import sessions from './sessions.scenario.js';
import transactionBursts from './transaction-bursts.scenario.js';
import transactions from './transactions.scenario.js';
import ttl from './ttl.scenario.js';
import ttlWindow from './ttl-window.scenario.js';
import updates from './updates.scenario.js';
import updatesCollected from './updates-collected.scenario.js';
import vectors from './vectors.scenario.js';
import wal from './wal.scenario.js';

/** A branchable database: branches, keys and their versions, search, vectors, transactions, files. */
export const scenarios: readonly ScenarioDefinition[] = [
  branches,
  branchesWithoutCommit,
  branchesTidied,
  branchRaces,
  updates,
  updatesCollected,
  keys,
  retention,
  history,
  ttl,
  ttlWindow,
  search,
  vectors,
  collections,
  transactions,
  transactionBursts,
  sessions,
  wal,
  recovery,
  replay,
  manifest,
  manifestOneDatabase,
  rustBranches,
  rustUpdates,
];
