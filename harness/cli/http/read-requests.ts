import { invalidOption, type PlateauError } from '../../model/errors.js';
import type { RequestOperation, RequestTemplate } from '../../model/request.js';

/** What the flags say of all requests. */
export interface RequestDefaults {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For requests with a method that sends one. */
  readonly body?: string | Uint8Array;
  readonly form?: RequestTemplate['form'];
  readonly expectStatus?: readonly number[];
  readonly timeoutMs?: number;
}

export interface ReadRequests {
  /** Of the URLs; absent where all were paths. */
  readonly origin?: string;
  readonly operations: Readonly<Record<string, RequestOperation>>;
}

const bodiless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);
const requestPattern = /^(?:(\d+(?:\.\d+)?)\s*\*\s*)?(.+)$/s;
const sidePattern = /^(?:([A-Za-z]+)\s+)?(\S+)$/;
const example = "e.g. /search?q={input}, '3*GET /search' or 'POST /carts -> DELETE /carts/{json:id}'";

/**
 * Requests as they are written on the command line: `[weight*][METHOD ]<url or path>[ -> [METHOD ]<path>]`.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`
 */
export function readRequests(given: readonly string[], defaults: RequestDefaults): ReadRequests {
  const origins = new Set<string>();
  const operations: Record<string, RequestOperation> = {};
  for (const text of given) {
    const [, weight, pair = ''] = requestPattern.exec(text.trim()) ?? [];
    const [first = '', second, ...rest] = pair.split(/\s+->\s+/);
    if (rest.length > 0) throw invalidRequest(text, 'at most one ->');
    const create = readSide(first, text, defaults, origins);
    const operation: RequestOperation = {
      ...(weight !== undefined && { weight: readWeight(weight, text) }),
      create,
      ...(second !== undefined && { destroy: readSide(second, text, destroyDefaults(defaults), origins) }),
    };
    operations[freeName(create, operations)] = operation;
  }
  if (origins.size > 1)
    throw invalidOption(
      `Requests: expected one origin, got ${[...origins].join(' and ')}.`,
      'one run soaks one target; make a run of each',
    );
  const [origin] = origins;
  return { ...(origin !== undefined && { origin }), operations };
}

/** What undoes a request is asked with the same headers, by DELETE, without the body. */
function destroyDefaults({ headers, timeoutMs }: RequestDefaults): RequestDefaults {
  return { method: 'DELETE', headers, ...(timeoutMs !== undefined && { timeoutMs }) };
}

function readSide(
  side: string,
  whole: string,
  { method: usual, headers, body, form, expectStatus, timeoutMs }: RequestDefaults,
  origins: Set<string>,
): RequestTemplate {
  const [, named, address] = sidePattern.exec(side.trim()) ?? [];
  if (address === undefined) throw invalidRequest(whole, 'a URL or a path, with a method before it or without');
  const sends = body !== undefined || form !== undefined;
  const method = (named ?? usual ?? (sends ? 'POST' : 'GET')).toUpperCase();
  const carries = sends && (!bodiless.has(method) || usual === method);
  return {
    ...(method !== 'GET' && { method }),
    path: pathOf(address, whole, origins),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(carries && body !== undefined && { body }),
    ...(carries && form !== undefined && { form }),
    ...(expectStatus !== undefined && { expectStatus }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

/** The values in braces are no part of a URL yet: only what is before the path is read as one. */
function pathOf(address: string, whole: string, origins: Set<string>): string {
  if (/^(\/|\{header:)/.test(address)) return checkedPath(address, whole);
  const [, start, rest = ''] = /^(https?:\/\/[^/?#]+)(.*)$/is.exec(address) ?? [];
  if (start === undefined || !URL.canParse(start))
    throw invalidRequest(whole, 'a URL with http or https, or a path with a leading /');
  const { origin, username, password } = new URL(start);
  if (username !== '' || password !== '')
    throw invalidOption(
      `Request: expected a URL without a name and password, which would stand in each record, got one of ${origin} with them.`,
      "--header 'authorization: Basic {env:CREDENTIALS}', with both as Base64 in that variable",
    );
  origins.add(origin);
  const path = rest.replace(/#.*$/s, '');
  return checkedPath(path.startsWith('/') ? path : `/${path}`, whole);
}

/** Braces are no part of a path: what is in them must be a value that plateau knows. */
function checkedPath(path: string, whole: string): string {
  const unknown = path.replaceAll(/\{(input|cycle|(?:env|csv|json|header):[^{}\s]+)\}/g, '').match(/\{[^{}]*\}?/)?.[0];
  if (unknown === undefined) return path;
  throw invalidOption(
    `Request "${whole}": expected a value that plateau knows, got ${unknown}.`,
    '{input}, {cycle}, {env:NAME} or {csv:COLUMN}; after ->, also {json:FIELD} and {header:NAME}',
  );
}

function readWeight(weight: string, whole: string): number {
  const value = Number(weight);
  if (value > 0) return value;
  throw invalidRequest(whole, 'a weight above 0');
}

function invalidRequest(text: string, expected: string): PlateauError {
  return invalidOption(`Request: expected ${expected}, got "${text}".`, example);
}

/** `GET /search`; with the query where another request has that name. */
function freeName({ method = 'GET', path }: RequestTemplate, taken: Readonly<Record<string, unknown>>): string {
  const short = `${method} ${path.replace(/\?.*$/s, '')}`;
  const whole = `${method} ${path}`;
  const names = [short, whole];
  for (let number = 2; ; number += 1) {
    const free = names.find((name) => !(name in taken));
    if (free !== undefined) return free;
    names.push(`${whole} #${number}`);
  }
}
