import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { storeError } from './store-error.js';

/** Heap snapshots, logs and samples can hold secrets: the owner alone may read them. */
export const fileMode = 0o600;
export const directoryMode = 0o700;

/**
 * Writes a whole file so that readers, and whoever comes after a crash, see the old content or the new one, never a part.
 * @throws {PlateauError} `PLATEAU_STORE`
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  const unfinished = `${path}.tmp`;
  try {
    const descriptor = openSync(unfinished, 'w', fileMode);
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw storeError('write', path, error);
  }
  flushDirectory(dirname(path));
}

/** A rename survives a power cut only when its directory is flushed too; systems that cannot do so do it by themselves. */
export function flushDirectory(path: string): void {
  try {
    const descriptor = openSync(path, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows opens no directories; network file systems refuse to flush them.
  }
}
