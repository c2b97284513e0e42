import Database from 'libsql';
import { type Connections, configure, ScopedConnections } from '../sqlite/connections.js';
import type { Defects } from './names.js';

/** `close()` is the last line, so an exception skips it. */
class UnclosedOnError extends ScopedConnections {
  override use<Result>(path: string, work: (database: Database.Database) => Result): Result {
    const database = this.connect(path);
    configure(database);
    const result = work(database);
    this.close(database);
    return result;
  }
}

/** The fix that does not fix: a transaction's block commits or rolls back, it does not close. */
class WithOnly extends ScopedConnections {
  override use<Result>(path: string, work: (database: Database.Database) => Result): Result {
    const database = this.connect(path);
    configure(database);
    return database.transaction(() => work(database))();
  }
}

/** As `UnclosedOnError`, but nobody holds what was not closed: it goes when garbage is collected. */
class GcOnly implements Connections {
  readonly open = 0;

  use<Result>(path: string, work: (database: Database.Database) => Result): Result {
    const database = new Database(path);
    configure(database);
    const result = work(database);
    database.close();
    return result;
  }

  closeAll(): void {}
}

export function createConnections(defects: Defects): Connections {
  if (defects.has('unclosed-on-error')) return new UnclosedOnError();
  if (defects.has('with-only')) return new WithOnly();
  if (defects.has('gc-only')) return new GcOnly();
  return new ScopedConnections();
}
