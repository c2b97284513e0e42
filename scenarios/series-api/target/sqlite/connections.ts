import Database from 'libsql';

/** Lends SQLite connections, one for each call. */
export interface Connections {
  /** Connections that are open now. */
  readonly open: number;
  use<Result>(path: string, work: (database: Database.Database) => Result): Result;
  closeAll(): void;
}

/**
 * A connection lives as long as the call that needs it, however the call ends.
 * libsql gives a closed connection's descriptor back once its statements have been collected.
 */
export class ScopedConnections implements Connections {
  readonly #open = new Set<Database.Database>();
  readonly #busyTimeoutMs: number;

  /** @param busyTimeoutMs how long to wait for somebody else's transaction before `SQLITE_BUSY` */
  constructor(busyTimeoutMs = 2_000) {
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  get open(): number {
    return this.#open.size;
  }

  use<Result>(path: string, work: (database: Database.Database) => Result): Result {
    const database = this.connect(path);
    try {
      configure(database);
      return work(database);
    } finally {
      this.close(database);
    }
  }

  closeAll(): void {
    for (const database of this.#open) this.close(database);
  }

  protected connect(path: string): Database.Database {
    const database = new Database(path, { timeout: this.#busyTimeoutMs });
    this.#open.add(database);
    return database;
  }

  protected close(database: Database.Database): void {
    this.#open.delete(database);
    database.close();
  }
}

/** Settings, locks and tokens can be made again, so a machine that crashes may cost the last of them. */
export function configure(database: Database.Database): void {
  database.exec('PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF');
}
