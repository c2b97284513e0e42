import type { Dispatcher } from 'undici';
import type { PlateauError } from '../../model/errors.js';
import type { AnswerStream, HttpClient, HttpRequestOptions, HttpResponse, HttpSettings } from '../../model/http.js';
import { Answer } from './answer.js';
import { eventsOf, openAnswer } from './answer-stream.js';
import { openingConnections, requestConnections } from './connections.js';
import { withCookies } from './cookies.js';
import { HttpStatusError } from './http-status-error.js';
import { OpenHandles } from './open-handles.js';
import { type SentRequest, sentRequest, withDefaultHeaders } from './sent-request.js';
import type { HttpTransport } from './transport.js';
import { openWebSocket } from './web-socket.js';

/** Keep-alive connections to one origin. */
export interface PooledHttpClient extends HttpClient, Pick<HttpTransport, 'send'> {
  /** Streams and WebSockets that are open. */
  readonly openHandles: number;
  /** A connection for requests is open. */
  readonly isConnected: boolean;
  /** Closes all connections but those of what is open; what is asked next opens new ones. No request may be under way. */
  renew(): void;
  close(): Promise<void>;
}

export interface ConnectionLimits {
  /** For requests. */
  readonly connections: number;
  /** Requests under way on a connection; those that change something go alone. @defaultValue 1 */
  readonly pipelining?: number;
}

export function createHttpClient(
  url: string,
  { connections, pipelining = 1 }: ConnectionLimits,
  settings: HttpSettings = {},
): PooledHttpClient {
  const { origin } = new URL(url);
  const connected = new Set<Dispatcher>();
  const open = () =>
    requestConnections(origin, settings, { connections, pipelining })
      .on('connect', (_origin, targets) => connected.add(targets.at(-1)!))
      .on('disconnect', (_origin, targets) => connected.delete(targets.at(-1)!));
  const handles = new OpenHandles();
  let pool = open();
  let opening: ReturnType<typeof openingConnections> | undefined;
  const { headers: defaults } = settings;
  const complete = (request: SentRequest): SentRequest =>
    defaults === undefined ? request : { ...request, headers: withDefaultHeaders(defaults, request.headers) };
  const transport: HttpTransport = {
    send: (request) =>
      new Promise<HttpResponse>((resolve, reject) => {
        const { method, path, headers, body, timeoutMs, signal } = complete(request);
        signal?.throwIfAborted();
        pool.dispatch(
          { method, path, headers, body: body ?? null, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
          new Answer(resolve, reject, timeoutMs, signal),
        );
      }),
    async open(request) {
      opening ??= openingConnections(origin, settings);
      return handles.add(await openAnswer(opening, complete(request)));
    },
    openSocket: async (request) => handles.add(await openWebSocket(origin, complete(request), settings)),
  };
  return {
    ...clientOf(transport, origin),
    send: transport.send,
    get openHandles() {
      return handles.size;
    },
    get isConnected() {
      return connected.size > 0;
    },
    renew() {
      void pool.destroy();
      pool = open();
    },
    // What a target that hangs was asked is not waited for.
    async close() {
      await Promise.all([pool.destroy(), opening?.destroy(), handles.close()]);
    },
  };
}

/** The calls of a scenario over a transport. */
export function clientOf(transport: HttpTransport, origin: string): HttpClient {
  const request: HttpClient['request'] = async (method, path, options = {}) => {
    const answer = await transport.send(sentRequest(method, path, options));
    if (isExpected(answer.status, options)) return answer;
    throw new HttpStatusError(`${method} ${path}`, answer.status, answer.text());
  };
  const stream: HttpClient['stream'] = async (method, path, options = {}) => {
    const answer = await transport.open(sentRequest(method, path, options));
    if (isExpected(answer.status, options)) return answer;
    throw new HttpStatusError(`${method} ${path}`, answer.status, await textOf(answer));
  };
  return {
    request,
    get: (path, options) => request('GET', path, options),
    post: (path, body, options) => request('POST', path, { ...options, body }),
    put: (path, body, options) => request('PUT', path, { ...options, body }),
    delete: (path, options) => request('DELETE', path, options),
    stream,
    async events(path, options = {}) {
      const headers = { accept: 'text/event-stream', ...options.headers };
      return eventsOf(await stream('GET', path, { ...options, headers }), path);
    },
    webSocket: (path, options = {}) => transport.openSocket(sentRequest('GET', path, options)),
    session: () => clientOf(withCookies(transport, origin), origin),
  };
}

function isExpected(status: number, { accept }: HttpRequestOptions): boolean {
  return (status >= 200 && status < 300) || (accept?.includes(status) ?? false);
}

async function textOf(answer: AnswerStream): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of answer) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** For targets without an address: says so when the scenario tries to use one. */
export function absentHttpClient(problem: () => PlateauError): PooledHttpClient {
  const refuse = () => Promise.reject(problem());
  return {
    ...clientOf({ send: refuse, open: refuse, openSocket: refuse }, ''),
    send: refuse,
    openHandles: 0,
    isConnected: false,
    renew: () => {},
    close: async () => {},
  };
}
