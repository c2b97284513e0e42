import { Readable } from 'node:stream';
import type { HttpRequestOptions } from '../../model/http.js';

const defaultTimeoutMs = 10_000;
type Headers = Readonly<Record<string, string>>;

const noHeaders: Headers = {};

/** One request as it is sent. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array | Readable | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export function sentRequest(
  method: string,
  path: string,
  { headers = noHeaders, body, timeoutMs = defaultTimeoutMs, signal }: HttpRequestOptions,
): SentRequest {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array)
    return { method, path, headers, body, timeoutMs, signal };
  if (isPiecewise(body)) return { method, path, headers, body: Readable.from(body), timeoutMs, signal };
  return {
    method,
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    timeoutMs,
    signal,
  };
}

/** Streams of Node and of the web, and what an async generator gives. */
function isPiecewise(body: unknown): body is AsyncIterable<Uint8Array | string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** Headers with those that a scenario wants in every request; what a request names itself goes before. */
export function withDefaultHeaders(defaults: Headers, headers: Headers): Headers {
  return { ...missingHeaders(defaults, headers), ...headers };
}

/** Those of the first that the second do not name, in whatever case. */
export function missingHeaders(defaults: Headers, headers: Headers): Headers {
  const named = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => !named.has(name.toLowerCase())));
}
