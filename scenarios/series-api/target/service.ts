import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Routes } from '../../service/route.js';
import { Partitions } from './compaction/partitions.js';
import { CompactionLocks } from './compaction-locks.js';
import { createQueue } from './defects/connection-queues.js';
import { createConnections } from './defects/connections.js';
import { chooseMeasure } from './defects/estimates.js';
import { createMonitorParts } from './defects/health.js';
import { withKeptDuckDb } from './defects/kept-instances.js';
import type { Defects } from './defects/names.js';
import { createStarter } from './defects/starters.js';
import { createTokenCache } from './defects/token-caches.js';
import { QueryPool } from './duckdb/query-pool.js';
import { withDuckDb } from './duckdb/with-duckdb.js';
import { Exports } from './exports.js';
import { Dependencies } from './health/dependencies.js';
import { Measurements } from './measurements.js';
import { Queries } from './queries.js';
import { QueryCache } from './query-cache.js';
import { databaseRoutes } from './routes/databases.js';
import { operationRoutes } from './routes/operations.js';
import { queryRoutes } from './routes/queries.js';
import type { Connections } from './sqlite/connections.js';
import { SqliteFile } from './sqlite/sqlite-file.js';
import { Tokens } from './tokens.js';

export interface ServiceSettings {
  /** Where everything is kept. */
  readonly directory: string;
  /** Connections of the query pool. */
  readonly connections: number;
  readonly defects: Defects;
}

const cacheLimits = { entries: 100, bytes: 8 * 1024 * 1024 };
const tokenLimits = { entries: 1_000, timeToLiveMs: 30_000 };
const healthIntervalMs = 1_000;

export interface Service {
  readonly routes: Routes;
  /** Checks a dependency for as long as the service runs. */
  watch(url: string): void;
  close(): Promise<void>;
}

/** The service's parts, each given what it works with; without defects all of them sound. */
export async function createService({ directory, connections, defects }: ServiceSettings): Promise<Service> {
  const databases = join(directory, 'databases');
  mkdirSync(databases, { recursive: true });
  const sqlite = createConnections(defects);
  const cache = new QueryCache(cacheLimits, chooseMeasure(defects));
  const pool = await QueryPool.open({
    connections,
    queue: createQueue(defects),
    replacesFailed: !defects.has('unreturned-connections'),
  });
  const queries = new Queries(pool, cache);
  const exports = new Exports(pool);
  const tokenCache = createTokenCache(defects, tokenLimits);
  const dependencies = new Dependencies(() => createMonitorParts(defects, healthIntervalMs));
  const starter = createStarter(defects);
  const measurements = new Measurements({
    directory: join(directory, 'measurements'),
    withReader: defects.has('kept-instances') ? withKeptDuckDb : withDuckDb,
    withWriter: withDuckDb,
  });
  const routes: Routes = {
    ...databaseRoutes({ connections: sqlite, directory: databases }),
    ...queryRoutes({ queries, exports, measurements }),
    ...operationRoutes({
      tokens: new Tokens(new SqliteFile(sqlite, join(directory, 'tokens.db')), tokenCache),
      dependencies,
      starter,
      compactor: createCompactor(directory, sqlite, defects),
      spoolFile: join(directory, 'points.spool'),
    }),
    'GET /stats': () => ({
      openConnections: sqlite.open,
      poolConnections: pool.size,
      poolWaiting: pool.waiting,
      exports: exports.size,
      cachedQueries: cache.size,
      cacheBytes: cache.heldBytes,
      cachedTokens: tokenCache.size,
      dependencies: dependencies.size,
      healthChecks: dependencies.checks,
      backgroundServices: starter.running,
    }),
  };
  return {
    routes,
    watch: (url) => void dependencies.watch(url),
    async close() {
      dependencies.close();
      await starter.stop();
      queries.close();
      sqlite.closeAll();
    },
  };
}

function createCompactor(directory: string, sqlite: Connections, defects: Defects) {
  const locks = new CompactionLocks(new SqliteFile(sqlite, join(directory, 'locks.db')));
  locks.initTable();
  return {
    locks,
    partitions: new Partitions(join(directory, 'partitions'), { removesUnfinished: !defects.has('stray-merge-file') }),
    releasesOnError: !defects.has('unreleased-lock'),
  };
}
