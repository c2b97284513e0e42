import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the environment of a process puts what it makes for a time; undefined where it names no place, so that others share one. */
export function temporaryDirectoryOf(pid: number): string | undefined {
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  const name = 'TMPDIR=';
  return environment.find((entry) => entry.startsWith(name))?.slice(name.length);
}

/** Of the files below a directory; none where it cannot be read, and without those that go meanwhile. */
export function inodesBelow(directory: string | undefined): bigint[] {
  if (directory === undefined) return [];
  try {
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .flatMap(({ parentPath, name }) => inodeOf(join(parentPath, name)) ?? []);
  } catch {
    return [];
  }
}

function inodeOf(path: string): bigint | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
