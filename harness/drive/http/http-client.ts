import { type Dispatcher, Pool } from 'undici';
import type { PlateauError } from '../../model/errors.js';
import type { HttpClient, HttpRequestOptions, HttpResponse } from '../../model/scenario.js';

const defaultTimeoutMs = 10_000;
const noHeaders: Readonly<Record<string, string>> = {};

/** An answer that the scenario did not expect; `code` is its kind in the failure counts. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly code: string;

  /** @param request as it is called, e.g. `GET /search` */
  constructor(
    request: string,
    readonly status: number,
    body: string,
  ) {
    super(
      `${request} answered ${status}${body === '' ? '' : `: ${body.trim().replaceAll(/\s+/g, ' ').slice(0, 200)}`}`,
    );
    this.code = `HTTP ${status}`;
  }
}

/** One request as it is sent. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Keep-alive connections to one origin, at most `connections` of them. */
export interface PooledHttpClient extends HttpClient {
  /** The answer, whatever its status. */
  send(request: SentRequest): Promise<HttpResponse>;
  /** Closes all connections; what is asked next opens new ones. Nothing may be under way. */
  renew(): void;
  close(): Promise<void>;
}

/** Takes in one answer, and is it: a request makes one object, so that the client costs little beside the target. */
class Answer implements Dispatcher.DispatchHandler, HttpResponse {
  status = 0;
  headers: HttpResponse['headers'] = noHeaders;
  private first: Buffer | undefined;
  private further: Buffer[] | undefined;
  private controller: Dispatcher.DispatchController | undefined;

  constructor(
    private readonly resolve: (answer: HttpResponse) => void,
    private readonly reject: (error: Error) => void,
    private readonly signal?: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this);
  }

  /** Of the signal, whether the request waits for a connection still or is under way. */
  handleEvent(): void {
    const reason = this.signal?.reason as Error;
    this.controller?.abort(reason);
    this.onResponseError(undefined, reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.signal?.aborted) controller.abort(this.signal.reason as Error);
  }

  onResponseStart(_controller: unknown, status: number, headers: HttpResponse['headers']): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.first === undefined) this.first = chunk;
    else if (this.further === undefined) this.further = [this.first, chunk];
    else this.further.push(chunk);
  }

  onResponseEnd(): void {
    this.signal?.removeEventListener('abort', this);
    this.resolve(this);
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.signal?.removeEventListener('abort', this);
    this.reject(error);
  }

  text(): string {
    if (this.further !== undefined) this.first = Buffer.concat(this.further);
    this.further = undefined;
    return this.first?.toString() ?? '';
  }

  json<T>(): T {
    return JSON.parse(this.text()) as T;
  }
}

/** @param pipelining requests under way on a connection; those that change something go alone */
export function createHttpClient(url: string, connections: number, pipelining = 1): PooledHttpClient {
  const open = () => new Pool(new URL(url).origin, { connections, pipelining, keepAliveTimeout: 60_000 });
  let pool = open();
  const send = ({ method, path, headers, body, timeoutMs, signal }: SentRequest) =>
    new Promise<HttpResponse>((resolve, reject) => {
      signal?.throwIfAborted();
      pool.dispatch(
        { method, path, headers, body: body ?? null, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
        new Answer(resolve, reject, signal),
      );
    });
  const request = async (method: string, path: string, options: HttpRequestOptions = {}): Promise<HttpResponse> => {
    const answer = await send(sentRequest(method, path, options));
    const { status } = answer;
    if ((status >= 200 && status < 300) || options.accept?.includes(status)) return answer;
    throw new HttpStatusError(`${method} ${path}`, status, answer.text());
  };
  return {
    send,
    request,
    get: (path, options) => request('GET', path, options),
    post: (path, body, options) => request('POST', path, { ...options, body }),
    put: (path, body, options) => request('PUT', path, { ...options, body }),
    delete: (path, options) => request('DELETE', path, options),
    renew() {
      void pool.destroy();
      pool = open();
    },
    // What a target that hangs was asked is not waited for.
    close: () => pool.destroy(),
  };
}

/** For targets without an address: says so when the scenario tries to use one. */
export function absentHttpClient(problem: () => PlateauError): PooledHttpClient {
  const refuse = () => Promise.reject(problem());
  return {
    send: refuse,
    request: refuse,
    get: refuse,
    post: refuse,
    put: refuse,
    delete: refuse,
    renew: () => {},
    close: async () => {},
  };
}

export function sentRequest(
  method: string,
  path: string,
  { headers = noHeaders, body, timeoutMs = defaultTimeoutMs, signal }: HttpRequestOptions,
): SentRequest {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array)
    return { method, path, headers, body, timeoutMs, signal };
  return {
    method,
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    timeoutMs,
    signal,
  };
}
