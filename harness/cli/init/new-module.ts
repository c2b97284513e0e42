import { existsSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { invalidOption } from '../../model/errors.js';
import { storeError } from '../../store/store-error.js';

/**
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` where a file is already, since nothing that the user made is written over,
 *   or no directory for it
 */
export function requireNewModule(option: string, path: string, directory: string): void {
  if (!existsSync(dirname(path)))
    throw invalidOption(
      `${option}: expected a file in a directory that exists, got none at ${dirname(path)}.`,
      'make the directory, or give another one',
    );
  if (!existsSync(path)) return;
  throw invalidOption(
    `${option}: expected a new file, got ${relative(directory, path)}, which is there already.`,
    'give another name, or remove the file',
  );
}

/** @throws {PlateauError} as `requireNewModule`, `PLATEAU_STORE` when it cannot be written */
export function writeNewModule(option: string, path: string, text: string, directory: string): void {
  requireNewModule(option, path, directory);
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw storeError('write', path, error);
  }
}
