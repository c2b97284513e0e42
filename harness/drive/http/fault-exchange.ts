import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { hostOf, portOf } from '../../model/address.js';
import type { SentRequest } from './sent-request.js';

/** One request on a connection of its own, from which its client may leave at any time. */
export interface FaultExchange {
  /** Sends the head of the request and so much of a body, which is all of it or not. */
  ask(body: Buffer, isAll: boolean): Promise<void>;
  /** The first byte of an answer, the end of it, or so much time: whatever comes first. */
  untilHeard(maxMs: number): Promise<void>;
  /** The end of the answer, which is read, or so much time. */
  untilAnswered(maxMs: number): Promise<void>;
  /** So much time, without a look at the answer. */
  untilClosed(maxMs: number): Promise<void>;
  /** Breaks off what is under way. */
  leave(): Promise<void>;
}

/** The bytes of HTTP/1.1, which need not be a request. */
export class PlainExchange implements FaultExchange {
  private readonly closed: Promise<void>;

  private constructor(
    private readonly socket: net.Socket,
    private readonly head: Buffer,
  ) {
    // What the service makes of the fault is its own affair.
    socket.on('error', () => undefined);
    this.closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  }

  /** @throws when the target does not accept the connection */
  static async open(address: URL, head: Buffer, readsOneByte = false): Promise<PlainExchange> {
    const to = { host: hostOf(address.href), port: portOf(address.href) };
    const secure = address.protocol === 'https:';
    const socket = secure
      ? tls.connect({ ...to, rejectUnauthorized: false })
      : net.connect({ ...to, ...(readsOneByte && { onread: oneByte }) });
    await connected(socket, secure ? 'secureConnect' : 'connect');
    return new PlainExchange(socket, head);
  }

  async write(...parts: readonly Buffer[]): Promise<void> {
    const { socket } = this;
    for (const part of parts)
      if (part.length > 0 && !socket.destroyed)
        await new Promise<void>((resolve) => socket.write(part, () => resolve()));
  }

  ask(body: Buffer): Promise<void> {
    return this.write(this.head, body);
  }

  untilHeard(maxMs: number): Promise<void> {
    return within(maxMs, this.closed, new Promise<void>((resolve) => this.socket.once('data', () => resolve())));
  }

  untilAnswered(maxMs: number): Promise<void> {
    this.socket.resume();
    return within(maxMs, this.closed);
  }

  untilClosed(maxMs: number): Promise<void> {
    return within(maxMs, this.closed);
  }

  async leave(): Promise<void> {
    this.socket.destroy();
    await this.closed;
  }
}

/** Fields of a connection, which HTTP/2 has none of. */
const connectionFields = new Set(['connection', 'host', 'keep-alive', 'transfer-encoding', 'upgrade']);
/** Longest time for the frame that resets a stream to go out. */
const resetMs = 100;

/** A stream of HTTP/2; leaving resets it. */
export class StreamExchange implements FaultExchange {
  private stream: http2.ClientHttp2Stream | undefined;
  private closed: Promise<void> = Promise.resolve();
  /** The service may end the session before its client does. */
  private readonly ended: Promise<void>;
  /** Closing a stream would end its body first; aborting resets it where it is. */
  private readonly left = new AbortController();

  private constructor(
    private readonly session: http2.ClientHttp2Session,
    private readonly fields: http2.OutgoingHttpHeaders,
  ) {
    session.on('error', () => undefined);
    this.ended = new Promise<void>((resolve) => session.once('close', () => resolve()));
  }

  /** @throws when the target does not accept the connection */
  static async open({ origin }: URL, { method, path }: SentRequest, fields: FaultFields): Promise<StreamExchange> {
    const session = http2.connect(origin, { rejectUnauthorized: false });
    await connected(session, 'connect');
    const kept = Object.entries(fields).filter(([name]) => !connectionFields.has(name.toLowerCase()));
    return new StreamExchange(session, { ...Object.fromEntries(kept), ':method': method, ':path': path });
  }

  async ask(body: Buffer, isAll: boolean): Promise<void> {
    const stream = this.session.request(this.fields, {
      endStream: isAll && body.length === 0,
      signal: this.left.signal,
    });
    this.stream = stream;
    stream.on('error', () => undefined);
    this.closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
    if (body.length > 0) await new Promise<void>((resolve) => stream.write(body, () => resolve()));
    if (isAll && body.length > 0) stream.end();
  }

  untilHeard(maxMs: number): Promise<void> {
    return within(maxMs, this.closed, new Promise<void>((resolve) => this.stream?.once('response', () => resolve())));
  }

  untilAnswered(maxMs: number): Promise<void> {
    this.stream?.resume();
    return within(maxMs, this.closed);
  }

  untilClosed(maxMs: number): Promise<void> {
    return within(maxMs, this.closed);
  }

  async leave(): Promise<void> {
    const { session, stream } = this;
    if (stream?.closed === false) this.left.abort();
    await within(resetMs, this.closed);
    session.destroy();
    await this.ended;
  }
}

export type FaultFields = Readonly<Record<string, string>>;

/** One byte is taken, then no more. */
const oneByte: net.OnReadOpts = { buffer: new Uint8Array(1), callback: () => false };

/** Longest time until a connection stands, with its TLS. */
const connectMs = 5_000;

/** @throws where that takes too long too: the connection is given up then */
async function connected(connection: net.Socket | http2.ClientHttp2Session, event: string): Promise<void> {
  const late = new Error(`no connection within ${connectMs / 1_000} s`);
  const timer = setTimeout(() => connection.destroy(late), connectMs);
  try {
    await once(connection, event);
  } finally {
    clearTimeout(timer);
  }
}

async function within(maxMs: number, ...events: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, maxMs);
  });
  await Promise.race([late, ...events]);
  clearTimeout(timer);
}
