import { Pool } from 'undici';
import type { PlateauError } from '../model/errors.js';
import type { HttpClient, HttpRequestOptions, HttpResponse } from '../model/scenario.js';

const defaultTimeoutMs = 10_000;

/** An answer that the scenario did not expect; `code` is its kind in the failure counts. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly code: string;

  constructor(
    method: string,
    path: string,
    readonly status: number,
    body: string,
  ) {
    super(`${method} ${path} answered ${status}${body === '' ? '' : `: ${body.slice(0, 200)}`}`);
    this.code = `HTTP ${status}`;
  }
}

/** Keep-alive connections to one origin, at most `connections` of them. */
export interface PooledHttpClient extends HttpClient {
  close(): Promise<void>;
}

export function createHttpClient(url: string, connections: number): PooledHttpClient {
  const origin = new URL(url).origin;
  const pool = new Pool(origin, { connections, pipelining: 1, keepAliveTimeout: 60_000 });
  const request = async (method: string, path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> => {
    const { headers, body } = encodeBody(options);
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    const answer = await pool.request({
      method: method as 'GET',
      path,
      headers,
      body: body ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const text = await answer.body.text();
    const expected =
      (answer.statusCode >= 200 && answer.statusCode < 300) || options.accept?.includes(answer.statusCode);
    if (!expected) throw new HttpStatusError(method, path, answer.statusCode, text);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: () => text,
      json: <T>() => JSON.parse(text) as T,
    };
  };
  return {
    request,
    get: (path, options) => request('GET', path, options),
    post: (path, body, options) => request('POST', path, { ...options, body }),
    put: (path, body, options) => request('PUT', path, { ...options, body }),
    delete: (path, options) => request('DELETE', path, options),
    // What a target that hangs was asked is not waited for.
    close: () => pool.destroy(),
  };
}

/** For targets without an address: says so when the scenario tries to use one. */
export function absentHttpClient(problem: () => PlateauError): HttpClient {
  const refuse = () => Promise.reject(problem());
  return { request: refuse, get: refuse, post: refuse, put: refuse, delete: refuse };
}

function encodeBody(options: HttpRequestOptions): {
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
} {
  const { body } = options;
  const headers: Record<string, string> = { ...options.headers };
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return { headers, body };
  headers['content-type'] ??= 'application/json';
  return { headers, body: JSON.stringify(body) };
}
