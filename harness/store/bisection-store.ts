import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type BisectionState, bisectionStateSchema } from '../model/bisection.js';
import { makeDirectory } from './make-directory.js';
import { readJson } from './read-json.js';
import { makeOutDirectory } from './run-store.js';
import { storeError } from './store-error.js';
import { directoryMode, writeFileAtomic } from './write-file.js';

/** What makes two bisections the same. */
export type BisectionQuestion = Pick<
  BisectionState,
  'scenario' | 'repository' | 'good' | 'bad' | 'build' | 'metric' | 'load'
>;

/** Keeps what a bisection knows in `<outDirectory>/bisect/<key>.json`. */
export class BisectionStore {
  /** Absolute. */
  readonly path: string;
  /** For the output of builds. */
  readonly logDirectory: string;

  /** @throws {PlateauError} `PLATEAU_STORE` */
  constructor(outDirectory: string, question: BisectionQuestion) {
    const { scenario, repository, good, bad, build, metric, load } = question;
    const text = JSON.stringify([scenario, repository, good, bad, build ?? null, metric ?? null, load]);
    const key = createHash('sha256').update(text).digest('hex').slice(0, 16);
    this.path = resolve(outDirectory, 'bisect', `${key}.json`);
    this.logDirectory = resolve(outDirectory, 'bisect', key);
    makeOutDirectory(resolve(outDirectory));
    try {
      makeDirectory(dirname(resolve(this.path)), directoryMode);
    } catch (error) {
      throw storeError('make', dirname(this.path), error);
    }
  }

  /** @throws {PlateauError} `PLATEAU_INVALID_RUN` when it is damaged */
  read(): Promise<BisectionState | undefined> {
    return readJson(this.path, bisectionStateSchema);
  }

  /** Whole or not at all. @throws {PlateauError} `PLATEAU_STORE` */
  write(state: BisectionState): void {
    writeFileAtomic(this.path, `${JSON.stringify(state, undefined, 2)}\n`);
  }

  forget(): void {
    rmSync(this.path, { force: true });
    rmSync(this.logDirectory, { recursive: true, force: true });
  }
}
