import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

const entriesMax = 200_000;

/**
 * Counts everything in a directory and below that is not a directory, and the directories that are empty: a temporary
 * directory with one file in it counts once, and so does one that was made and never used. Links are not followed.
 * @returns undefined when there is more than can be counted in reasonable time
 */
export function countTemporaryFiles(directory: string): number | undefined {
  const pending = [directory];
  let count = 0;
  let entriesSeen = 0;
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const entries = listEntries(current);
    entriesSeen += entries.length;
    if (entriesSeen > entriesMax) return undefined;
    if (entries.length === 0 && current !== directory) count += 1;
    for (const entry of entries) {
      if (entry.isDirectory()) pending.push(join(current, entry.name));
      else count += 1;
    }
  }
  return count;
}

function listEntries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    // Removed since it was listed.
    return [];
  }
}
