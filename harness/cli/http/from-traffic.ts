import { readFileSync } from 'node:fs';
import { invalidOption, type PlateauError } from '../../model/errors.js';
import type { RequestOperation, RequestTemplate } from '../../model/request.js';
import { decodeText, gotInsteadOfFile } from '../../platform/user-files.js';

/** The most frequent requests stand for the traffic; growth of one in hundreds could not be distinguished. */
const operationsMax = 20;

interface Seen {
  readonly request: RequestTemplate;
  count: number;
}

/** Operations of recorded requests, weighted by how often they come. */
export function weighted(requests: readonly RequestTemplate[]): Record<string, RequestOperation> {
  const seen = new Map<string, Seen>();
  for (const request of requests) {
    const key = JSON.stringify(request);
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { request, count: 1 });
    else known.count += 1;
  }
  const frequent = [...seen.values()].toSorted((left, right) => right.count - left.count).slice(0, operationsMax);
  const operations: Record<string, RequestOperation> = {};
  for (const { request, count } of frequent) {
    const name = `${request.method ?? 'GET'} ${request.path}`;
    operations[name in operations ? `${name} #${Object.keys(operations).length}` : name] = {
      weight: count,
      create: request,
    };
  }
  return operations;
}

/** A recorded path holds no values: its braces are sent as they were asked for. */
export function literalPath(path: string): string {
  return path.replaceAll('{', '%7B').replaceAll('}', '%7D');
}

/** The text of a file that a user named. @throws {PlateauError} `PLATEAU_INVALID_OPTION` */
export function textOf(option: string, file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw invalidTraffic(option, file, 'a file', gotInsteadOfFile(cause));
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    throw invalidTraffic(option, file, 'a text', 'a file that gzip has packed; unpack it first');
  return decodeText(bytes);
}

export function invalidTraffic(option: string, file: string, expected: string, got: string): PlateauError {
  return invalidOption(
    `${option} ${file}: expected ${expected}, got ${got}.`,
    'export it again, or give the requests on the command line',
  );
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
