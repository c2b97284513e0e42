import type { SqliteFile } from './sqlite/sqlite-file.js';

export interface CompactionLock {
  readonly partition: string;
  readonly owner: string;
  readonly expiresAtMs: number;
}

/** Who compacts which partition. A lock outlives a crash of its owner, so it expires. */
export class CompactionLocks {
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  initTable(): void {
    this.#file.use((database) => {
      database.exec(
        `CREATE TABLE IF NOT EXISTS compaction_locks (
           partition TEXT PRIMARY KEY, owner TEXT NOT NULL, expires_at_ms INTEGER NOT NULL)`,
      );
    });
  }

  /** @returns whether the lock is ours now */
  acquireLock(partition: string, owner: string, timeToLiveMs: number): boolean {
    const acquired = this.#file.use((database) => {
      const { changes } = database
        .prepare('INSERT OR IGNORE INTO compaction_locks (partition, owner, expires_at_ms) VALUES (?, ?, ?)')
        .run(partition, owner, Date.now() + timeToLiveMs);
      return changes > 0;
    });
    return acquired || this.checkAndStealExpired(partition, owner, timeToLiveMs);
  }

  /** Takes the lock over when its owner let it expire. */
  checkAndStealExpired(partition: string, owner: string, timeToLiveMs: number): boolean {
    return this.#file.use((database) => {
      const { changes } = database
        .prepare('UPDATE compaction_locks SET owner = ?, expires_at_ms = ? WHERE partition = ? AND expires_at_ms < ?')
        .run(owner, Date.now() + timeToLiveMs, partition, Date.now());
      return changes > 0;
    });
  }

  /** @returns false when somebody else owns it by now */
  releaseLock(partition: string, owner: string): boolean {
    return this.#file.use((database) => {
      const { changes } = database
        .prepare('DELETE FROM compaction_locks WHERE partition = ? AND owner = ?')
        .run(partition, owner);
      return changes > 0;
    });
  }

  getActiveLocks(): CompactionLock[] {
    return this.#file.use(
      (database) =>
        database
          .prepare(
            'SELECT partition, owner, expires_at_ms AS expiresAtMs FROM compaction_locks WHERE expires_at_ms >= ?',
          )
          .all(Date.now()) as CompactionLock[],
    );
  }

  /** @returns how many had expired */
  cleanupExpiredLocks(): number {
    return this.#file.use(
      (database) => database.prepare('DELETE FROM compaction_locks WHERE expires_at_ms < ?').run(Date.now()).changes,
    );
  }
}
