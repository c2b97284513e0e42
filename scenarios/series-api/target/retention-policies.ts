import type { SqliteFile } from './sqlite/sqlite-file.js';

export interface RetentionPolicy {
  readonly id: number;
  readonly name: string;
  readonly series: string;
  readonly keepDays: number;
}

export interface RetentionExecution {
  readonly id: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly deletedRows: number | null;
}

const columns = 'id, name, series, keep_days AS keepDays';

/** How long each series is kept, and what was deleted when. */
export class RetentionPolicies {
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  initTables(): void {
    this.#file.use((database) => {
      database.exec(
        `CREATE TABLE IF NOT EXISTS retention_policies (
           id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, series TEXT NOT NULL,
           keep_days INTEGER NOT NULL CHECK (keep_days > 0));
         CREATE TABLE IF NOT EXISTS retention_executions (
           id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, deleted_rows INTEGER,
           policy_id INTEGER NOT NULL REFERENCES retention_policies (id) ON DELETE CASCADE)`,
      );
    });
  }

  /** @returns the new policy's id */
  createPolicy(policy: Omit<RetentionPolicy, 'id'>): number {
    return this.#file.use((database) => {
      const { lastInsertRowid } = database
        .prepare('INSERT INTO retention_policies (name, series, keep_days) VALUES (?, ?, ?)')
        .run(policy.name, policy.series, policy.keepDays);
      return Number(lastInsertRowid);
    });
  }

  getPolicies(): RetentionPolicy[] {
    return this.#file.use(
      (database) => database.prepare(`SELECT ${columns} FROM retention_policies`).all() as RetentionPolicy[],
    );
  }

  getPolicy(id: number): RetentionPolicy | undefined {
    return this.#file.use(
      (database) =>
        database.prepare(`SELECT ${columns} FROM retention_policies WHERE id = ?`).get(id) as
          | RetentionPolicy
          | undefined,
    );
  }

  updatePolicy(id: number, keepDays: number): boolean {
    return this.#file.use((database) => {
      return database.prepare('UPDATE retention_policies SET keep_days = ? WHERE id = ?').run(keepDays, id).changes > 0;
    });
  }

  deletePolicy(id: number): boolean {
    return this.#file.use(
      (database) => database.prepare('DELETE FROM retention_policies WHERE id = ?').run(id).changes > 0,
    );
  }

  getExecutions(policyId: number): RetentionExecution[] {
    return this.#file.use(
      (database) =>
        database
          .prepare(
            `SELECT id, started_at AS startedAt, finished_at AS finishedAt, deleted_rows AS deletedRows
             FROM retention_executions WHERE policy_id = ?`,
          )
          .all(policyId) as RetentionExecution[],
    );
  }

  /** @returns the execution's id */
  recordExecutionStart(policyId: number): number {
    return this.#file.use((database) => {
      const { lastInsertRowid } = database
        .prepare(`INSERT INTO retention_executions (policy_id, started_at) VALUES (?, datetime('now'))`)
        .run(policyId);
      return Number(lastInsertRowid);
    });
  }

  recordExecutionComplete(id: number, deletedRows: number): boolean {
    return this.#file.use((database) => {
      const { changes } = database
        .prepare(`UPDATE retention_executions SET finished_at = datetime('now'), deleted_rows = ? WHERE id = ?`)
        .run(deletedRows, id);
      return changes > 0;
    });
  }
}
