import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import { ServiceError } from '../../service/service-error.js';
import type { QueryPool } from './duckdb/query-pool.js';

interface OpenExport {
  readonly connection: DuckDBConnection;
  readonly result: DuckDBResult;
}

/** Answers too large for one reply, read page by page; an open export keeps its connection. */
export class Exports {
  readonly #pool: QueryPool;
  readonly #open = new Map<number, OpenExport>();
  #nextId = 1;

  constructor(pool: QueryPool) {
    this.#pool = pool;
  }

  get size(): number {
    return this.#open.size;
  }

  async open(sql: string, signal: AbortSignal): Promise<number> {
    const connection = await this.#pool.take({ signal });
    try {
      const result = await connection.stream(sql);
      const id = this.#nextId++;
      this.#open.set(id, { connection, result });
      return id;
    } catch (error) {
      this.#pool.give(connection);
      throw new ServiceError(400, (error as Error).message);
    }
  }

  /** @returns the rows of the next page; none at the end */
  async nextPage(id: number): Promise<readonly unknown[]> {
    const chunk = await this.#find(id).result.fetchChunk();
    return chunk === null ? [] : chunk.getRows().map((row) => row.map(String));
  }

  close(id: number): void {
    const { connection } = this.#find(id);
    this.#open.delete(id);
    this.#pool.give(connection);
  }

  #find(id: number): OpenExport {
    const found = this.#open.get(id);
    if (found === undefined) throw new ServiceError(404, `export ${id}: not open`);
    return found;
  }
}
