import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { visitFilesBelow } from '../../platform/files-below.js';

/** Of the files below a directory, without those that go meanwhile; none where none is named. */
export function inodesBelow(directory: string | undefined): bigint[] {
  const inodes: bigint[] = [];
  if (directory === undefined) return inodes;
  visitFilesBelow(directory, (path) => {
    const stat = lstatSync(join(directory, path), { bigint: true, throwIfNoEntry: false });
    if (stat !== undefined) inodes.push(stat.ino);
  });
  return inodes;
}
