import { existsSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { PlateauError } from '../../model/errors.js';
import { storeError } from '../../store/store-error.js';

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` where a file is already: nothing that the user made is written over */
export function requireNewModule(option: string, path: string, directory: string): void {
  if (!existsSync(path)) return;
  throw new PlateauError(
    'PLATEAU_INVALID_OPTION',
    `${option}: expected a new file, got ${relative(directory, path)}, which is there already.`,
    { hint: 'give another name, or remove the file' },
  );
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` where a file is already, `PLATEAU_STORE` when it cannot be written */
export function writeNewModule(option: string, path: string, text: string, directory: string): void {
  requireNewModule(option, path, directory);
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw storeError('write', path, error);
  }
}
