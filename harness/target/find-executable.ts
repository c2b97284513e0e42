import { readdirSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { PlateauError } from '../model/errors.js';
import { isExecutable } from '../platform/executable.js';

export interface ExecutableSearch {
  /** For messages: `target`'s name. */
  readonly name: string;
  /** What the user named; the only one that is taken then. */
  readonly executable: string | undefined;
  readonly baseDirectory: string;
  /** File names, the best first. */
  readonly fileNames: readonly string[];
  /** Searched behind the PATH, in order. */
  readonly directories?: readonly string[];
  /** How it is installed. */
  readonly hint: string;
}

/** @throws {PlateauError} `PLATEAU_TARGET_START` when none is there and may be executed */
export function findExecutable(search: ExecutableSearch): string {
  const { executable, baseDirectory, fileNames, directories = [] } = search;
  const paths = [...(process.env.PATH ?? '').split(delimiter).filter(isAbsolute), ...directories];
  const candidates = executable?.includes('/')
    ? [resolve(baseDirectory, executable)]
    : (executable === undefined ? fileNames : [executable]).flatMap((file) => paths.map((path) => join(path, file)));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  const wanted = executable ?? fileNames.join(' or ');
  throw new PlateauError(
    'PLATEAU_TARGET_START',
    `target ${search.name}: expected ${wanted} to be installed, got none`,
    {
      hint: search.hint,
    },
  );
}

/** `/usr/lib/postgresql/*` + `bin` -> their `bin` directories, the highest version first. */
export function versionedDirectories(parent: string, inside: string): string[] {
  const byVersion = (one: string, other: string) => other.localeCompare(one, undefined, { numeric: true });
  try {
    return readdirSync(parent)
      .sort(byVersion)
      .map((version) => join(parent, version, inside));
  } catch {
    return [];
  }
}
