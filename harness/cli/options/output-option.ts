import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { invalidOption } from '../../model/errors.js';

/** A file to write, checked before the work whose result it is to hold. */
export function outputOption(option: string, example: string): (text: string) => string {
  return (text) => {
    const got = text === '' ? '""' : obstacle(resolve(text));
    if (got === undefined) return text;
    throw invalidOption(
      `${option}: expected a file to write, got ${got}.`,
      `${option}${option.endsWith('=') ? '' : ' '}${example}`,
    );
  };
}

/** What stands where the file would be written. */
function obstacle(path: string): string | undefined {
  if (found(path)?.isDirectory()) return `the directory ${path}`;
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const there = found(directory);
    if (there !== undefined) return there.isDirectory() ? undefined : `a path below the file ${directory}`;
    if (directory === dirname(directory)) return undefined;
  }
}

/** Below a file, and where nothing may be looked up, is nothing: writing reports why. */
function found(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
