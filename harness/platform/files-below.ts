import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

const entriesMax = 200_000;

/**
 * Visits everything in a directory and below that is not a directory, and the directories that are empty: a temporary
 * directory with one file in it counts once, and so does one that was made and never used. Links are not followed.
 * @param visit takes its path, relative to the directory
 * @param isPassedOver takes the name of a directory that may be left out
 * @returns false when there is more than can be read in reasonable time
 */
export function visitFilesBelow(
  directory: string,
  visit: (path: string) => void,
  isPassedOver: (name: string) => boolean = () => false,
): boolean {
  const pending = [''];
  let entriesSeen = 0;
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const entries = listEntries(join(directory, current));
    entriesSeen += entries.length;
    if (entriesSeen > entriesMax) return false;
    if (entries.length === 0 && current !== '') visit(current);
    for (const entry of entries) {
      const path = join(current, entry.name);
      if (!entry.isDirectory()) visit(path);
      else if (!isPassedOver(entry.name)) pending.push(path);
    }
  }
  return true;
}

function listEntries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    // Removed since it was listed.
    return [];
  }
}
