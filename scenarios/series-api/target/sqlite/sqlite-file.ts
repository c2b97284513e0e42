import type Database from 'libsql';
import type { Connections } from './connections.js';

/** One database file; each call has a connection of its own. */
export class SqliteFile {
  readonly #connections: Connections;
  readonly #path: string;

  constructor(connections: Connections, path: string) {
    this.#connections = connections;
    this.#path = path;
  }

  use<Result>(work: (database: Database.Database) => Result): Result {
    return this.#connections.use(this.#path, work);
  }
}
