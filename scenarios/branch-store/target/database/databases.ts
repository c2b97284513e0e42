import { mkdir, readdir, rm } from 'node:fs/promises';
import { conflict, notFound } from '../client-errors.js';
import type { CheckpointMode } from './checkpointer.js';
import { Database } from './database.js';
import { type Gauges, sumGauges } from './database-gauges.js';
import { DatabasePaths, manifestDirectory, manifestSuffix } from './database-paths.js';

/** The one that requests without a database's name are for; always open. */
export const defaultDatabase = 'default';

/** The databases of the service, by name. */
export class Databases {
  readonly #dataDirectory: string;
  readonly #open = new Map<string, Database>();
  /** Names that are being opened or closed. */
  readonly #changing = new Set<string>();

  private constructor(dataDirectory: string) {
    this.#dataDirectory = dataDirectory;
  }

  /** Opens every database that has a manifest in the data directory. */
  static async open(dataDirectory: string): Promise<Databases> {
    const databases = new Databases(dataDirectory);
    const manifests = manifestDirectory(dataDirectory);
    await mkdir(manifests, { recursive: true, mode: 0o700 });
    const names = new Set([defaultDatabase]);
    for (const entry of await readdir(manifests, { withFileTypes: true })) {
      if (entry.isFile() && entry.name.endsWith(manifestSuffix)) names.add(entry.name.slice(0, -manifestSuffix.length));
    }
    for (const name of names) await databases.open(name, 'automatic');
    return databases;
  }

  get count(): number {
    return this.#open.size;
  }

  get isQuiet(): boolean {
    return this.#changing.size === 0 && [...this.#open.values()].every((database) => database.isQuiet);
  }

  gauges(): Gauges {
    return sumGauges([...this.#open.values()].map((database) => database.gauges()));
  }

  get(name: string): Database {
    const database = this.#open.get(name);
    if (database === undefined) throw notFound(`database "${name}"`);
    return database;
  }

  /** Opens what a detached database left, or begins a new one; a new one that fails leaves nothing. */
  async open(name: string, mode: CheckpointMode): Promise<void> {
    if (this.#open.has(name)) throw conflict(`database "${name}" is open`);
    await this.#reserving(name, async () => {
      const paths = this.#paths(name);
      const isNew = await paths.areUnused();
      try {
        this.#open.set(name, await Database.open(paths, mode));
      } catch (error) {
        if (isNew) await paths.remove();
        throw error;
      }
    });
  }

  /** Closes without a checkpoint, as a crash that lost nothing would; the files stay. */
  detach(name: string): Promise<void> {
    return this.#reserving(name, () => this.#close(name));
  }

  delete(name: string): Promise<void> {
    return this.#reserving(name, async () => {
      await this.#close(name);
      const paths = this.#paths(name);
      await rm(paths.manifest, { force: true });
      await paths.remove();
    });
  }

  async closeAll(): Promise<void> {
    const databases = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(databases.map((database) => database.close({ checkpoint: true })));
  }

  async #close(name: string): Promise<void> {
    if (name === defaultDatabase) throw conflict('the default database stays open');
    const database = this.get(name);
    this.#open.delete(name);
    await database.close({ checkpoint: false });
  }

  #paths(name: string): DatabasePaths {
    return new DatabasePaths(this.#dataDirectory, name);
  }

  async #reserving(name: string, change: () => Promise<void>): Promise<void> {
    if (this.#changing.has(name)) throw conflict(`database "${name}" is being opened or closed`);
    this.#changing.add(name);
    try {
      await change();
    } finally {
      this.#changing.delete(name);
    }
  }
}
