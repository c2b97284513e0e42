import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { PlateauError } from '../model/errors.js';
import { defaultOutDirectory, runFiles, runsDirectory } from './run-layout.js';
import { storeError } from './store-error.js';

const candidatesShown = 8;

/**
 * Ids of the runs under `outDirectory`, oldest first; directories without a manifest are none.
 * @throws {PlateauError} `PLATEAU_STORE` when the directory cannot be read
 */
export function listRuns(outDirectory: string = defaultOutDirectory): string[] {
  const runs = resolve(runsDirectory(outDirectory));
  try {
    return readdirSync(runs)
      .filter((id) => holdsRun(join(runs, id)))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw storeError('read', runs, error);
  }
}

/**
 * Absolute directory of a run.
 * @param reference an id, the start or the last five characters of one, `latest`, `latest~1`, a run directory,
 *   or a file (`run.json`, `report.html`, ...) in one
 * @throws {PlateauError} `PLATEAU_UNKNOWN_RUN` with the runs it could have meant
 */
export async function resolveRun(reference: string, outDirectory: string = defaultOutDirectory): Promise<string> {
  const ids = listRuns(outDirectory);
  const directoryOf = (id: string) => resolve(runsDirectory(outDirectory), id);
  const back = /^latest(?:~(\d+))?$/.exec(reference);
  if (back !== null) {
    const id = ids.at(-1 - Number(back[1] ?? 0));
    if (id === undefined) throw unknownRun(`Run "${reference}": got ${countOf(ids)} in ${outDirectory}`, ids);
    return directoryOf(id);
  }
  if (ids.includes(reference)) return directoryOf(reference);
  const byPath = reference === '' ? undefined : runAtPath(reference);
  if (byPath !== undefined) return byPath;
  const matching = reference === '' ? [] : ids.filter((id) => id.startsWith(reference) || id.endsWith(`-${reference}`));
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return directoryOf(only);
  if (matching.length > 1)
    throw unknownRun(`Run "${reference}": expected the start of one id, got that of ${matching.length}`, matching);
  throw unknownRun(
    `Run "${reference}": expected an id, a unique prefix, latest, latest~1 or a run directory, got none of ${countOf(ids)} in ${outDirectory}`,
    ids,
  );
}

function holdsRun(directory: string): boolean {
  return existsSync(join(directory, runFiles.manifest));
}

function runAtPath(path: string): string | undefined {
  const absolute = resolve(path);
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const directory = found.isDirectory() ? absolute : dirname(absolute);
  if (holdsRun(directory)) return directory;
  throw new PlateauError(
    'PLATEAU_UNKNOWN_RUN',
    `${path}: expected a run directory or a file in one, got ${found.isDirectory() ? 'a directory' : 'a file'} with no ${runFiles.manifest} beside ${basename(absolute)}.`,
    { hint: `a run is judged from its ${runFiles.manifest} and ${runFiles.samples}; keep them together` },
  );
}

function unknownRun(message: string, candidates: readonly string[]): PlateauError {
  const shown = candidates.slice(-candidatesShown).reverse().join(', ');
  const more = candidates.length > candidatesShown ? ` and ${candidates.length - candidatesShown} older` : '';
  const hint = candidates.length === 0 ? 'record one with plateau run, or pass --out' : `one of ${shown}${more}`;
  return new PlateauError('PLATEAU_UNKNOWN_RUN', `${message}.`, { hint });
}

function countOf(ids: readonly string[]): string {
  return ids.length === 1 ? '1 run' : `${ids.length} runs`;
}
