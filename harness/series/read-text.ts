import { readFile } from 'node:fs/promises';
import { decodeText, gotInsteadOfFile } from '../platform/user-files.js';
import { invalidSeries } from './csv-rows.js';

/**
 * Text of a recording, UTF-8 or UTF-16 with a byte order mark, its lines ended by line feeds.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` where it cannot be read
 */
export async function readText(path: string): Promise<string> {
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
