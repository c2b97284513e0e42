import type { SqliteFile } from './sqlite/sqlite-file.js';

export interface ContinuousQuery {
  readonly id: number;
  readonly name: string;
  readonly sql: string;
  readonly everySeconds: number;
  readonly lastProcessedAt: string | null;
}

export interface QueryExecution {
  readonly id: number;
  readonly at: string;
  readonly rows: number;
}

const columns = 'id, name, sql, every_seconds AS everySeconds, last_processed_at AS lastProcessedAt';

/** Queries that are run again and again, and what each run gave. */
export class ContinuousQueries {
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  initTables(): void {
    this.#file.use((database) => {
      database.exec(
        `CREATE TABLE IF NOT EXISTS continuous_queries (
           id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sql TEXT NOT NULL,
           every_seconds INTEGER NOT NULL CHECK (every_seconds > 0), last_processed_at TEXT);
         CREATE TABLE IF NOT EXISTS query_executions (
           id INTEGER PRIMARY KEY, at TEXT NOT NULL, rows INTEGER NOT NULL,
           query_id INTEGER NOT NULL REFERENCES continuous_queries (id) ON DELETE CASCADE)`,
      );
    });
  }

  /** @returns the new query's id */
  createQuery(query: Pick<ContinuousQuery, 'name' | 'sql' | 'everySeconds'>): number {
    return this.#file.use((database) => {
      const { lastInsertRowid } = database
        .prepare('INSERT INTO continuous_queries (name, sql, every_seconds) VALUES (?, ?, ?)')
        .run(query.name, query.sql, query.everySeconds);
      return Number(lastInsertRowid);
    });
  }

  getQueries(): ContinuousQuery[] {
    return this.#file.use(
      (database) => database.prepare(`SELECT ${columns} FROM continuous_queries`).all() as ContinuousQuery[],
    );
  }

  getQuery(id: number): ContinuousQuery | undefined {
    return this.#file.use(
      (database) =>
        database.prepare(`SELECT ${columns} FROM continuous_queries WHERE id = ?`).get(id) as
          | ContinuousQuery
          | undefined,
    );
  }

  updateQuery(id: number, everySeconds: number): boolean {
    return this.#file.use((database) => {
      const { changes } = database
        .prepare('UPDATE continuous_queries SET every_seconds = ? WHERE id = ?')
        .run(everySeconds, id);
      return changes > 0;
    });
  }

  deleteQuery(id: number): boolean {
    return this.#file.use(
      (database) => database.prepare('DELETE FROM continuous_queries WHERE id = ?').run(id).changes > 0,
    );
  }

  getExecutions(queryId: number): QueryExecution[] {
    return this.#file.use(
      (database) =>
        database
          .prepare('SELECT id, at, rows FROM query_executions WHERE query_id = ?')
          .all(queryId) as QueryExecution[],
    );
  }

  /** @returns the execution's id */
  recordExecution(queryId: number, rows: number): number {
    return this.#file.use((database) => {
      const { lastInsertRowid } = database
        .prepare(`INSERT INTO query_executions (query_id, at, rows) VALUES (?, datetime('now'), ?)`)
        .run(queryId, rows);
      return Number(lastInsertRowid);
    });
  }

  updateLastProcessedTime(id: number, at: string): boolean {
    return this.#file.use((database) => {
      const { changes } = database
        .prepare('UPDATE continuous_queries SET last_processed_at = ? WHERE id = ?')
        .run(at, id);
      return changes > 0;
    });
  }
}
