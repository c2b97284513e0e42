// Files written, read and removed. The leak: a file whose reading ended early is not closed.
import { open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaks } from './planted.mjs';

const left = [];

export async function create(cycle) {
  const path = join(tmpdir(), `upload-${cycle}`);
  await writeFile(path, `upload ${cycle}`);
  return { cycle, path, file: await open(path) };
}

export async function destroy({ cycle, path, file }) {
  await file.read(Buffer.alloc(16), 0, 16, 0);
  if (leaks(cycle)) left.push(file);
  else await file.close();
  await rm(path);
}
