import { existsSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { PlateauError } from '../../model/errors.js';
import { storeError } from '../../store/store-error.js';

/**
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` where a file is already, since nothing that the user made is written over,
 *   or no directory for it
 */
export function requireNewModule(option: string, path: string, directory: string): void {
  if (!existsSync(dirname(path)))
    throw new PlateauError(
      'PLATEAU_INVALID_OPTION',
      `${option}: expected a file in a directory that exists, got none at ${dirname(path)}.`,
      { hint: 'make the directory, or give another one' },
    );
  if (!existsSync(path)) return;
  throw new PlateauError(
    'PLATEAU_INVALID_OPTION',
    `${option}: expected a new file, got ${relative(directory, path)}, which is there already.`,
    { hint: 'give another name, or remove the file' },
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
