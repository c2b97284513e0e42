import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { planted } from '../defects.js';
import { OpenFile, type OpenSite, syncDirectory } from './open-file.js';

/**
 * Replaces a file so that a crash leaves the old or the new one, never half of one:
 * temporary file, fsync, rename, fsync of the directory.
 * Whatever fails, the temporary file is gone afterwards.
 */
export async function writeAtomic(path: string, chunks: Iterable<Buffer>, site: OpenSite): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeDurably(temporary, chunks, site);
    await rename(temporary, path);
  } catch (error) {
    if (!(site === 'manifest' && planted('rename-failure-temp'))) await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function writeDurably(path: string, chunks: Iterable<Buffer>, site: OpenSite): Promise<void> {
  const file = await OpenFile.open(path, 'w', site);
  try {
    for (const chunk of chunks) await file.append(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}
