import { readFile, stat } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';
import { bytesPerMebibyte } from '../model/units.js';
import { decodeText, gotInsteadOfFile } from '../platform/user-files.js';
import { invalidSeries } from './csv-rows.js';

/** What reading and judging takes for a byte of a file, of the heap: 11 for an answer of Prometheus, 6 to 15 for tables. */
const heapBytesPerFileByte = 16;
/** Longest text that V8 can hold. */
const textBytesMax = 512 * bytesPerMebibyte - 1024;

/** Largest file that is read: where memory ends in the middle, nothing could be said of it any more. */
export function fileBytesMax(): number {
  return Math.min(getHeapStatistics().heap_size_limit / heapBytesPerFileByte, textBytesMax);
}

/**
 * Text of a recording, UTF-8 or UTF-16 with a byte order mark, its lines ended by line feeds.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` where it cannot be read
 */
export async function readText(path: string): Promise<string> {
  await checkSize(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw invalidSeries(`${path}: expected a file, got ${gotInsteadOfFile(error)}`, 'check the path');
  });
  const text = decodeText(bytes).replaceAll(/\r\n?/g, '\n');
  // No kind of text holds one.
  const at = text.indexOf('\0');
  if (at >= 0)
    throw invalidSeries(
      `${path}:${text.slice(0, at).split('\n').length}: expected text, got a NUL byte`,
      'export it as CSV; where a crash has left such bytes at the end of a text, take them out',
    );
  return text;
}

async function checkSize(path: string): Promise<void> {
  const { size = 0 } = (await stat(path).catch(() => undefined)) ?? {};
  if (size <= fileBytesMax()) return;
  const [most, got] = [fileBytesMax(), size].map((bytes) => Math.floor(bytes / bytesPerMebibyte));
  throw invalidSeries(
    `${path}: expected at most ${most} MiB, which the memory of this process allows, got ${got} MiB`,
    'keep every tenth row, or allow more memory: NODE_OPTIONS=--max-old-space-size=8192',
  );
}
