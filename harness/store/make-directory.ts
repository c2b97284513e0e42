import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it that are missing. Node's own `recursive` never returns below a file system that
 * answers with ENOENT, as `/proc` does.
 * @returns whether anything had to be made
 * @throws {Error} what the system answers
 */
export function makeDirectory(path: string, mode: number): boolean {
  if (existsSync(path)) {
    // A file in its place is an error of the system's own.
    mkdirSync(path, { recursive: true });
    return false;
  }
  if (dirname(path) !== path) makeDirectory(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return true;
}
