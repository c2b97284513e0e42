import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a process was told to put what it makes for a time; undefined where it was not told, so that others do as well. */
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
