import type { ScenarioDefinition } from '../../harness/index.js';
import backgroundServices from './background-services.scenario.js';
import compactionLocks from './compaction-locks.scenario.js';
import compactions from './compactions.scenario.js';
import continuousQueries from './continuous-queries.scenario.js';
import crowd from './crowd.scenario.js';
import deletes from './deletes.scenario.js';
import dependencies from './dependencies.scenario.js';
import errorFree from './error-free.scenario.js';
import exhaustedPool from './exhausted-pool.scenario.js';
import failingDependency from './failing-dependency.scenario.js';
import failingQueries from './failing-queries.scenario.js';
import healthyDependency from './healthy-dependency.scenario.js';
import knownTokens from './known-tokens.scenario.js';
import pythonConnections from './python-connections.scenario.js';
import pythonCounts from './python-counts.scenario.js';
import pythonQueries from './python-queries.scenario.js';
import pythonTokens from './python-tokens.scenario.js';
import pythonWorkers from './python-workers.scenario.js';
import queuedQueries from './queued-queries.scenario.js';
import retention from './retention.scenario.js';
import skewedCells from './skewed-cells.scenario.js';
import smallCells from './small-cells.scenario.js';
import tokens from './tokens.scenario.js';
import wideCells from './wide-cells.scenario.js';

/** A time-series API: settings in SQLite, SQL over DuckDB, caches, health checks, compaction. */
export const scenarios: readonly ScenarioDefinition[] = [
  retention,
  continuousQueries,
  compactionLocks,
  errorFree,
  compactions,
  deletes,
  exhaustedPool,
  queuedQueries,
  failingQueries,
  failingDependency,
  healthyDependency,
  dependencies,
  wideCells,
  skewedCells,
  smallCells,
  tokens,
  knownTokens,
  backgroundServices,
  crowd,
  pythonConnections,
  pythonCounts,
  pythonTokens,
  pythonQueries,
  pythonWorkers,
];
