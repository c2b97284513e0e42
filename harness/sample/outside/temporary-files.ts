import { visitFilesBelow } from '../../platform/files-below.js';

/** @returns undefined when there is more than can be counted in reasonable time */
export function countTemporaryFiles(directory: string): number | undefined {
  let count = 0;
  const isAll = visitFilesBelow(directory, () => {
    count += 1;
  });
  return isAll ? count : undefined;
}
