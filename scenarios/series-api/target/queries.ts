import { ServiceError } from '../../service/service-error.js';
import type { QueryPool } from './duckdb/query-pool.js';
import type { QueryCache } from './query-cache.js';

/** Nobody waits for a job's answer, so it may take its time. */
const jobWaitMs = 3_600_000;

/** SQL on the pool: answers that are cached, and jobs that nobody waits for. */
export class Queries {
  readonly #pool: QueryPool;
  readonly #cache: QueryCache;
  readonly #jobs = new AbortController();

  constructor(pool: QueryPool, cache: QueryCache) {
    this.#pool = pool;
    this.#cache = cache;
  }

  /**
   * @returns the answer as JSON: `{columns, rows}`
   * @throws {ServiceError} 400 with DuckDB's message
   */
  async run(sql: string, { cached, signal }: { cached: boolean; signal: AbortSignal }): Promise<Buffer> {
    const hit = cached ? this.#cache.get(sql) : undefined;
    if (hit !== undefined) return hit;
    const reader = await this.#pool.use((connection) => connection.runAndReadAll(sql).catch(refuse), { signal });
    const rows = reader.getRowsJson();
    const bytes = Buffer.from(JSON.stringify({ columns: reader.columnNames(), rows }));
    if (cached) this.#cache.put(sql, { bytes, rows });
    return bytes;
  }

  /** Runs `sql` as soon as a connection is free. */
  startJob(sql: string): void {
    void this.#pool
      .use((connection) => connection.run(sql), { waitMs: jobWaitMs, signal: this.#jobs.signal })
      .catch(() => {});
  }

  close(): void {
    this.#jobs.abort();
    this.#pool.close();
  }
}

function refuse(error: Error): never {
  throw new ServiceError(400, error.message);
}
