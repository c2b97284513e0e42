import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Database, JSValue } from 'node-sqlite3-wasm';
import { PlateauError } from '../../model/errors.js';
import type { HistoryEntry, HistoryQuery } from '../../model/history.js';
import { thrownMessage } from '../../model/thrown.js';
import { makeDirectory } from '../make-directory.js';
import { historyFile } from '../run-layout.js';
import { storeError } from '../store-error.js';
import { directoryMode, fileMode, flushDirectory } from '../write-file.js';
import { withLock } from './history-lock.js';
import { entryOf, rowValues, runValues } from './history-rows.js';
import { createTables, historyVersion, rowColumns, runColumns } from './history-schema.js';

/**
 * The history database of an output directory. Each call locks it, opens it and lets it go again, so that several
 * processes may read it and add to it, and one that is killed harms nothing.
 */
export interface History {
  /** Absolute path of the database. */
  readonly path: string;
  /** There is none before the first run is added. */
  exists(): boolean;
  /** Adds runs, or replaces those of the same id; all or none. */
  add(entries: readonly HistoryEntry[]): Promise<void>;
  /** Makes it hold these runs and no others; all or none, whatever was there before, damaged or not. */
  replaceAll(entries: readonly HistoryEntry[]): Promise<void>;
  /** Runs with their rows, oldest first. */
  entries(query?: HistoryQuery): Promise<HistoryEntry[]>;
  runIds(): Promise<ReadonlySet<string>>;
}

type Values = Record<string, JSValue>;

/** @throws {PlateauError} `PLATEAU_STORE` from every call, when the database cannot be read or written */
export function openHistory(outDirectory: string): History {
  return new SqliteHistory(resolve(outDirectory));
}

class SqliteHistory implements History {
  readonly path: string;

  constructor(private readonly outDirectory: string) {
    this.path = join(outDirectory, historyFile);
  }

  exists(): boolean {
    return existsSync(this.path);
  }

  add(entries: readonly HistoryEntry[]): Promise<void> {
    return this.locked((open) => write(open(this.path), entries));
  }

  replaceAll(entries: readonly HistoryEntry[]): Promise<void> {
    return this.locked((open) => {
      const unfinished = `${this.path}.new`;
      for (const leftOver of [unfinished, `${unfinished}-journal`]) rmSync(leftOver, { force: true });
      rmSync(`${unfinished}.lock`, { recursive: true, force: true });
      write(open(unfinished), entries);
      // The journal of a writer that was killed belongs to the old file and must not be played into the new one.
      rmSync(`${this.path}-journal`, { force: true });
      renameSync(unfinished, this.path);
      flushDirectory(this.outDirectory);
    });
  }

  entries(query: HistoryQuery = {}): Promise<HistoryEntry[]> {
    if (!this.exists()) return Promise.resolve([]);
    return this.locked((open) => read(open(this.path), query));
  }

  runIds(): Promise<ReadonlySet<string>> {
    if (!this.exists()) return Promise.resolve(new Set());
    return this.locked((open) => {
      const rows = open(this.path).all('SELECT run_id FROM runs') as unknown as { readonly run_id: string }[];
      return new Set(rows.map(({ run_id }) => run_id));
    });
  }

  /** What is opened in it is closed after it. */
  private async locked<T>(work: (open: (path: string) => Database) => T): Promise<T> {
    // Loaded here: a megabyte of WebAssembly that most commands do without.
    const sqlite = (await import('node-sqlite3-wasm')).default;
    makeDirectory(resolve(this.outDirectory), directoryMode);
    return withLock(join(this.outDirectory, 'history.lock'), () => {
      let database: Database | undefined;
      try {
        return work((path) => {
          // Held by whoever had the lock before and was killed.
          rmSync(`${path}.lock`, { recursive: true, force: true });
          database = new sqlite.Database(path);
          chmodSync(path, fileMode);
          prepare(database);
          return database;
        });
      } catch (error) {
        throw this.problem(error);
      } finally {
        database?.close();
      }
    });
  }

  private problem(error: unknown): PlateauError {
    if (error instanceof PlateauError) return error;
    if ((error as NodeJS.ErrnoException).code !== undefined) return storeError('use', this.path, error);
    const message = thrownMessage(error);
    return new PlateauError('PLATEAU_STORE', `${this.path}: expected the history of runs, got "${message}".`, {
      hint: 'plateau history --rebuild makes it anew from the run directories',
      cause: error,
    });
  }
}

function prepare(database: Database): void {
  const [row] = database.all('PRAGMA user_version') as unknown as { readonly user_version: number }[];
  if (row?.user_version === historyVersion) return;
  const [tables] = database.all('SELECT count(*) AS count FROM sqlite_schema') as unknown as { count: number }[];
  if (row?.user_version === 0 && tables?.count === 0) database.exec(`BEGIN IMMEDIATE; ${createTables} COMMIT;`);
  else throw new Error(`version ${row?.user_version} of it, which this plateau (${historyVersion}) does not know`);
}

function write(database: Database, entries: readonly HistoryEntry[]): void {
  const marks = (columns: readonly string[]) => columns.map((column) => `@${column}`).join(', ');
  database.exec('BEGIN IMMEDIATE');
  const dropRows = database.prepare('DELETE FROM metrics WHERE run_id = ?');
  const addRun = database.prepare(`INSERT OR REPLACE INTO runs VALUES (${marks(runColumns)})`);
  const addRow = database.prepare(`INSERT INTO metrics VALUES (${marks(rowColumns)})`);
  try {
    for (const { run, rows } of entries) {
      dropRows.run([run.runId]);
      addRun.run(runValues(run));
      for (const row of rows) addRow.run(rowValues(row));
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  } finally {
    for (const statement of [dropRows, addRun, addRow]) statement.finalize();
  }
}

function read(database: Database, { scenario, variant, metric, lastRuns }: HistoryQuery): HistoryEntry[] {
  const conditions: string[] = [];
  const given: Values = {};
  if (scenario !== undefined) {
    conditions.push('scenario = @scenario');
    given['@scenario'] = scenario;
  }
  if (variant !== undefined) {
    conditions.push('variant = @variant');
    given['@variant'] = variant;
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const recent = `SELECT *, row_number() OVER (PARTITION BY scenario, variant ORDER BY started_at DESC, run_id DESC) AS age FROM runs ${where}`;
  const chosen = `SELECT * FROM (${recent}) ${lastRuns === undefined ? '' : `WHERE age <= ${Math.floor(lastRuns)}`}`;
  const runs = database.all(`${chosen} ORDER BY started_at, run_id`, given);
  const ofMetric = metric === undefined ? '' : 'WHERE metric = @metric';
  const rows = database.all(
    `SELECT metrics.* FROM metrics JOIN (${chosen}) USING (run_id) ${ofMetric} ORDER BY run_id, metric`,
    { ...given, ...(metric !== undefined && { '@metric': metric }) },
  );
  const byRun = new Map<unknown, Values[]>();
  for (const row of rows as Values[]) {
    const ofRun = byRun.get(row.run_id);
    if (ofRun === undefined) byRun.set(row.run_id, [row]);
    else ofRun.push(row);
  }
  return (runs as Values[]).map((run) => entryOf(run, byRun.get(run.run_id) ?? []));
}
