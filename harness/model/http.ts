/** How requests reach the target, those of functions and those as data. */
export interface HttpSettings {
  /** Sent with every request; what a request names itself goes before. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Certificates in PEM to trust in place of those that Node trusts. */
  readonly ca?: string | readonly string[];
  /** `false` takes any certificate. @defaultValue true */
  readonly rejectUnauthorized?: boolean;
  /** Speaks HTTP/2: over TLS as the server agrees to it, in the clear without asking first. @defaultValue false */
  readonly http2?: boolean;
}

/** An HTTP answer, read to its end. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  text(): string;
  /** @throws {SyntaxError} when the body is not JSON */
  json<T = unknown>(): T;
}

export interface HttpRequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON, strings and bytes as they are, what can be iterated asynchronously piece by piece. */
  readonly body?: unknown;
  /** Answers that are not errors besides 2xx, e.g. `[404]`. */
  readonly accept?: readonly number[];
  /** Of what is opened, until its head has come. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** Breaks the request off, and its connection with it; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Something that stays open until it is closed; what is left open after its cycle is reported. */
export interface OpenHandle {
  /** Resolves when the connection is gone, whoever closed it; never rejects. */
  readonly closed: Promise<void>;
  /** Resolves when it is gone; may be called again. */
  close(): Promise<void>;
}

/** An answer that is read piece by piece; closing it before its end breaks the connection off. */
export interface AnswerStream extends OpenHandle, AsyncIterable<Uint8Array> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface ServerSentEvent {
  /** @defaultValue `message` */
  readonly event: string;
  readonly data: string;
  readonly id: string | undefined;
}

export interface WaitOptions {
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Server-sent events; a connection that ends is not opened again. */
export interface EventStream extends OpenHandle {
  /** The next event. @throws when none comes in time, or the stream ends */
  next(options?: WaitOptions): Promise<ServerSentEvent>;
}

export interface WebSocketHandle extends OpenHandle {
  send(message: string | Uint8Array): void;
  /** The next message. @throws when none comes in time, or the connection ends */
  next(options?: WaitOptions): Promise<string | Uint8Array>;
  /** Leaves without a close frame, as a client does that lost its network. */
  drop(): Promise<void>;
}

/** Keep-alive HTTP to the target. An answer outside 2xx throws, so that it counts as a failed cycle. */
export interface HttpClient {
  request(method: string, path: string, options?: HttpRequestOptions): Promise<HttpResponse>;
  get(path: string, options?: HttpRequestOptions): Promise<HttpResponse>;
  post(path: string, body?: unknown, options?: HttpRequestOptions): Promise<HttpResponse>;
  put(path: string, body?: unknown, options?: HttpRequestOptions): Promise<HttpResponse>;
  delete(path: string, options?: HttpRequestOptions): Promise<HttpResponse>;
  /** An answer as it comes. */
  stream(method: string, path: string, options?: HttpRequestOptions): Promise<AnswerStream>;
  /** Server-sent events. */
  events(path: string, options?: HttpRequestOptions): Promise<EventStream>;
  webSocket(
    path: string,
    options?: Pick<HttpRequestOptions, 'headers' | 'timeoutMs' | 'signal'>,
  ): Promise<WebSocketHandle>;
  /** The same client with cookies of its own, as one user has them. Needs the package tough-cookie. */
  session(): HttpClient;
}
