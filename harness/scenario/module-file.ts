import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { PlateauError } from '../model/errors.js';

const moduleExtensions = /\.(ts|mts|cts|js|mjs|cjs)$/;

/**
 * The absolute path of a module that the user named.
 * @throws {PlateauError} `PLATEAU_UNKNOWN_SCENARIO`, `PLATEAU_INVALID_SCENARIO`
 */
export function requireModule(path: string): string {
  const file = resolve(path);
  if (!isFile(file)) {
    const got = `${gotInsteadOfModule(file)} at ${file}`;
    throw new PlateauError('PLATEAU_UNKNOWN_SCENARIO', `scenario ${path}: expected a module, got ${got}`, {
      hint: '`plateau list` shows the scenarios that come with plateau',
    });
  }
  if (!moduleExtensions.test(file)) {
    throw new PlateauError(
      'PLATEAU_INVALID_SCENARIO',
      `scenario ${path}: expected a .ts, .mts, .js or .mjs module, got ${basename(file)}`,
      { hint: 'name the module of a scenario; `plateau analyse` judges what something else recorded' },
    );
  }
  return file;
}

/** What is there in place of a module that can be loaded. */
export function gotInsteadOfModule(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return 'no file';
  return found.isDirectory() ? 'a directory' : 'a device, a pipe or a socket';
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
