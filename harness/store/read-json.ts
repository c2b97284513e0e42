import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { PlateauError } from '../model/errors.js';
import { schemaVersion } from '../model/run-record.js';
import { storeError } from './store-error.js';

/**
 * Reads a JSON file of a run and checks its shape.
 * @returns `undefined` when there is no such file
 * @throws {PlateauError} `PLATEAU_INVALID_RUN` when it is empty, cut short, of another schema version or of another shape
 */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : checkedJson(path, text, schema);
}

/**
 * The content of such a file.
 * @throws {PlateauError} `PLATEAU_INVALID_RUN`
 */
export function checkedJson<T>(path: string, text: string, schema: z.ZodType<T>): T {
  const value = parse(path, text);
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== undefined && version !== schemaVersion)
    throw invalidRun(
      `${path}: expected schemaVersion ${schemaVersion}, got ${JSON.stringify(version)}`,
      'read it with the version of plateau that recorded it',
    );
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw invalidRun(
    `${path}: ${issue?.path.join('.') || 'content'}: ${issue?.message ?? 'not valid'}`,
    'the file was changed or damaged; restore it, or record the run again',
  );
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw storeError('read', path, error);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const got = text.trim() === '' ? 'an empty file' : `${text.length} characters that are not JSON`;
    throw invalidRun(
      `${path}: expected JSON, got ${got}`,
      'the file was cut short or damaged; restore it, or record the run again',
      error,
    );
  }
}

export function invalidRun(message: string, hint: string, cause?: unknown): PlateauError {
  return new PlateauError('PLATEAU_INVALID_RUN', `${message}.`, { hint, cause });
}
