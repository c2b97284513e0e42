import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { duckdbOptions } from './with-duckdb.js';

/** Connections that nobody uses, and those who wait for one. */
export interface ConnectionQueue<Connection> {
  /** Callers that wait, as the queue counts them. */
  readonly waiting: number;
  /**
   * @param signal ends the wait: nobody is there any more
   * @throws {ServiceError} 503 when too many wait already or it takes longer than `timeoutMs`
   */
  take(timeoutMs: number, signal: AbortSignal): Promise<Connection>;
  give(connection: Connection): void;
}

export interface QueryPoolParts {
  readonly connections: number;
  readonly queue: ConnectionQueue<DuckDBConnection>;
  /** A connection whose query failed is closed; whether another takes its place. */
  readonly replacesFailed: boolean;
}

export interface TakeOptions {
  /** @defaultValue 5_000 */
  readonly waitMs?: number;
  readonly signal: AbortSignal;
}

const defaultWaitMs = 5_000;

/** A fixed number of connections to one DuckDB instance in memory. */
export class QueryPool {
  readonly #instance: DuckDBInstance;
  readonly #parts: QueryPoolParts;
  #size = 0;

  private constructor(instance: DuckDBInstance, parts: QueryPoolParts) {
    this.#instance = instance;
    this.#parts = parts;
  }

  static async open(parts: QueryPoolParts): Promise<QueryPool> {
    const pool = new QueryPool(await DuckDBInstance.create(':memory:', duckdbOptions), parts);
    for (let index = 0; index < parts.connections; index += 1) await pool.#grow();
    return pool;
  }

  /** Connections that work, whether lent or not. */
  get size(): number {
    return this.#size;
  }

  get waiting(): number {
    return this.#parts.queue.waiting;
  }

  /** Runs `work` on a connection; one whose work failed is not trusted again. */
  async use<Result>(work: (connection: DuckDBConnection) => Promise<Result>, options: TakeOptions): Promise<Result> {
    const connection = await this.take(options);
    let outcome: Result;
    try {
      outcome = await work(connection);
    } catch (error) {
      await this.#discard(connection);
      throw error;
    }
    this.give(connection);
    return outcome;
  }

  /** For those who keep a connection; they owe a `give`. */
  take({ waitMs = defaultWaitMs, signal }: TakeOptions): Promise<DuckDBConnection> {
    return this.#parts.queue.take(waitMs, signal);
  }

  give(connection: DuckDBConnection): void {
    this.#parts.queue.give(connection);
  }

  close(): void {
    this.#instance.closeSync();
  }

  async #grow(): Promise<void> {
    this.give(await this.#instance.connect());
    this.#size += 1;
  }

  async #discard(connection: DuckDBConnection): Promise<void> {
    connection.closeSync();
    this.#size -= 1;
    if (this.#parts.replacesFailed) await this.#grow();
  }
}
