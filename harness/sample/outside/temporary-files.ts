import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface TemporaryFiles {
  readonly count: number;
  /** The first of them, relative to the directory. */
  readonly paths: readonly string[];
}

const entriesMax = 200_000;

/**
 * Everything in a directory and below that is not a directory, and the directories that are empty: a temporary directory
 * with one file in it counts once, and so does one that was made and never used. Links are not followed.
 * @returns undefined when there is more than can be counted in reasonable time
 */
export function listTemporaryFiles(directory: string, pathsMax = 0): TemporaryFiles | undefined {
  const paths: string[] = [];
  const pending = [''];
  let count = 0;
  let entriesSeen = 0;
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    const entries = listEntries(join(directory, below));
    entriesSeen += entries.length;
    if (entriesSeen > entriesMax) return undefined;
    const isLeaf = entries.length === 0 && below !== '';
    if (isLeaf) {
      count += 1;
      if (paths.length < pathsMax) paths.push(`${below}/`);
    }
    for (const entry of entries) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        pending.push(path);
        continue;
      }
      count += 1;
      if (paths.length < pathsMax) paths.push(path);
    }
  }
  return { count, paths };
}

function listEntries(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    // Removed since it was listed.
    return [];
  }
}
