import { badRequest } from './client-errors.js';
import { type Family, families, type Write } from './store/write.js';
import type { WriteMode } from './transactions/transaction-context.js';

/** A change as clients send it: an expiry is a time to live, a deletion says so. */
export interface RequestedWrite {
  readonly write: Write;
  readonly mode: WriteMode;
}

/** @throws {ServiceError} 400 */
export function parseWrites(body: unknown): RequestedWrite[] {
  const { writes } = asObject(body);
  if (!Array.isArray(writes) || writes.length === 0) throw badRequest('"writes" must be an array that is not empty');
  return writes.map(parseWrite);
}

/** `{"family", "key", "value" | "delete": true, "ttlMs"?, "mode"?}` */
export function parseWrite(body: unknown): RequestedWrite {
  const requested = asObject(body);
  const family = parseFamily(requested.family);
  const { key, ttlMs, mode = 'overwrite' } = requested;
  if (typeof key !== 'string' || key === '') throw badRequest('"key" must be a string that is not empty');
  if (mode !== 'overwrite' && mode !== 'create-only') throw badRequest('"mode" must be "overwrite" or "create-only"');
  if (requested.delete === true) return { write: { family, key }, mode };
  checkValue(family, key, requested.value);
  if (ttlMs === undefined) return { write: { family, key, value: requested.value }, mode };
  if (typeof ttlMs !== 'number' || !(ttlMs > 0)) throw badRequest('"ttlMs" must be a positive number');
  return { write: { family, key, value: requested.value, expiresAt: Date.now() + ttlMs }, mode };
}

export function parseFamily(value: unknown): Family {
  const family = families.find((candidate) => candidate === value);
  if (family === undefined || family === 'branch') throw badRequest(`"family" must be one of ${families.slice(0, -1)}`);
  return family;
}

export function asObject(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null) throw badRequest('the body must be a JSON object');
  return body as Record<string, unknown>;
}

export function parseName(value: unknown): string {
  if (typeof value === 'string' && /^[\w-]{1,64}$/.test(value)) return value;
  throw badRequest('a name must have 1 to 64 letters, digits, "-" or "_"');
}

function checkValue(family: Family, key: string, value: unknown): void {
  if (value === undefined) throw badRequest(`"${key}" needs a "value", or "delete": true`);
  if (family === 'document' && typeof value !== 'string') throw badRequest('a document must be a string');
  if (family === 'vector' && !(key.includes('/') && isVector(value))) {
    throw badRequest('a vector must be an array of numbers under "<collection>/<id>"');
  }
  if (family === 'collection' && !isDimension((value as { dimension?: unknown } | null)?.dimension)) {
    throw badRequest('a collection must be {"dimension": <1 to 4096>}');
  }
}

function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((component) => typeof component === 'number');
}

function isDimension(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 4096;
}
