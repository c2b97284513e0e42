import { readFile } from 'node:fs/promises';
import { invalidSeries } from './csv-rows.js';

/**
 * Text of a recording, UTF-8 or UTF-16 with a byte order mark, its lines ended by line feeds.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` where it cannot be read
 */
export async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
    return new TextDecoder(encoding).decode(bytes).replaceAll(/\r\n?/g, '\n');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw invalidSeries(`${path}: expected a file, got none`, 'check the path');
    throw invalidSeries(`${path}: expected a file that can be read, got ${code ?? message}`, 'check its permissions');
  }
}
