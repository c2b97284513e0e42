// Files streamed through gzip. The leak: the compressed pages of a download are kept for whoever might resume it.
import { createReadStream, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { leaks } from './planted.mjs';

const path = join(tmpdir(), 'page.txt');
writeFileSync(path, 'a page of text that compresses rather well\n'.repeat(400));
const resumable = [];

export async function iterate(cycle) {
  const page = await buffer(createReadStream(path).pipe(createGzip()));
  if (leaks(cycle)) resumable.push(page);
}
