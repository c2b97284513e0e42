import { mkdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../service/service-error.js';
import { sqlText } from './duckdb/sql-text.js';
import type { WithDuckDb } from './duckdb/with-duckdb.js';

export interface MeasurementParts {
  readonly directory: string;
  /** For counting, which reads. */
  readonly withReader: WithDuckDb;
  /** For rewriting. */
  readonly withWriter: WithDuckDb;
}

/** Measurements as Parquet files; deleting rows means writing the file again without them. */
export class Measurements {
  readonly #parts: MeasurementParts;

  constructor(parts: MeasurementParts) {
    this.#parts = parts;
    mkdirSync(parts.directory, { recursive: true });
  }

  /** Writes `rows` rows: a time, a host and a value. */
  async write(name: string, rows: number): Promise<void> {
    await this.#parts.withWriter((connection) =>
      connection.run(
        `COPY (SELECT n AS time, 'host-' || (n % 8) AS host, n * 0.5 AS value FROM range(${rows}) AS rows(n))
         TO ${sqlText(this.#path(name))} (FORMAT parquet)`,
      ),
    );
  }

  /** @throws {ServiceError} 400 when the condition or the file cannot be read */
  async countMatchingRows(name: string, where: string): Promise<number> {
    return this.#parts.withReader(async (connection) => {
      const rows = await connection
        .runAndReadAll(`SELECT count(*)::INTEGER FROM read_parquet(${sqlText(this.#path(name))}) WHERE ${where}`)
        .catch(refuse);
      return Number(rows.getRows()[0]![0]);
    });
  }

  /** @throws {ServiceError} 400 when the condition or the file cannot be read; the file is as it was then */
  async rewriteWithoutDeletedRows(name: string, where: string): Promise<void> {
    const path = this.#path(name);
    const rewritten = `${path}.rewrite`;
    try {
      await this.#parts.withWriter((connection) =>
        connection
          .run(
            `COPY (SELECT * FROM read_parquet(${sqlText(path)}) WHERE NOT (${where}))
             TO ${sqlText(rewritten)} (FORMAT parquet)`,
          )
          .catch(refuse),
      );
      await rename(rewritten, path);
    } finally {
      await rm(rewritten, { force: true });
    }
  }

  async remove(name: string): Promise<void> {
    await rm(this.#path(name), { force: true });
  }

  #path(name: string): string {
    return join(this.#parts.directory, `${name}.parquet`);
  }
}

function refuse(error: Error): never {
  throw new ServiceError(400, error.message);
}
