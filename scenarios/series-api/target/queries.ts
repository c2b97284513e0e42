import { ServiceError } from '../../service/service-error.js';
import type { QueryPool } from './duckdb/query-pool.js';
import type { QueryCache } from './query-cache.js';

export interface QueryOptions {
  /** Whether the answer may come from the cache and go there. @defaultValue true */
  readonly cached?: boolean;
  /** The longest wait for a connection. */
  readonly waitMs?: number;
}

/** SQL on the pool, answers in the cache. */
export class Queries {
  readonly #pool: QueryPool;
  readonly #cache: QueryCache;

  constructor(pool: QueryPool, cache: QueryCache) {
    this.#pool = pool;
    this.#cache = cache;
  }

  /**
   * @returns the answer as JSON: `{columns, rows}`
   * @throws {ServiceError} 400 with DuckDB's message, 503 when no connection comes free in time
   */
  async run(sql: string, { cached = true, waitMs }: QueryOptions, signal: AbortSignal): Promise<Buffer> {
    const hit = cached ? this.#cache.get(sql) : undefined;
    if (hit !== undefined) return hit;
    const reader = await this.#pool.use((connection) => connection.runAndReadAll(sql).catch(refuse), {
      signal,
      ...(waitMs === undefined ? {} : { waitMs }),
    });
    const rows = reader.getRowsJson();
    const bytes = Buffer.from(JSON.stringify({ columns: reader.columnNames(), rows }));
    if (cached) this.#cache.put(sql, { bytes, rows });
    return bytes;
  }

  close(): void {
    this.#pool.close();
  }
}

function refuse(error: Error): never {
  throw new ServiceError(400, error.message);
}
