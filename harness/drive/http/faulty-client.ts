import { once } from 'node:events';
import net from 'node:net';
import { buffer } from 'node:stream/consumers';
import tls from 'node:tls';
import type { ClientFault } from '../../model/fault.js';
import type { HttpSettings } from '../../model/http.js';
import { type SentRequest, withDefaultHeaders } from './sent-request.js';

/** A client that leaves does so at a random moment after it has asked: the service is at different work each time. */
const leavingMs = { min: 1, max: 20 } as const;
/** How long a slow or half-open client keeps the service waiting before it leaves. */
const waitingMs = 100;
/** A client with this little patience gives up on what takes longer. */
const patienceMs = 250;
/** Longest time for an answer that is waited for. */
const answerMs = 5_000;

/** One connection on which a fault is carried out. */
interface Exchange {
  readonly request: SentRequest;
  readonly head: Buffer;
  readonly body: Buffer;
  readonly leaveMs: number;
  write(...parts: readonly Buffer[]): Promise<void>;
  /** The first byte of an answer, the end of the connection, or so much time: whatever comes first. */
  untilHeard(maxMs: number): Promise<void>;
  /** The end of the connection, or so much time. */
  untilClosed(maxMs: number): Promise<void>;
}

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);

const conduct: Readonly<Record<ClientFault, (exchange: Exchange) => Promise<void>>> = {
  async abort({ head, body, leaveMs, write, untilHeard }) {
    await write(head, body);
    await untilHeard(leaveMs);
  },
  async 'abort-answer'({ head, body, write, untilHeard }) {
    await write(head, body);
    await untilHeard(answerMs);
  },
  async 'abort-body'({ head, body, leaveMs, write, untilClosed }) {
    await write(head, half(body));
    await untilClosed(leaveMs);
  },
  async 'slow-read'({ head, body, write, untilClosed }) {
    await write(head, body);
    await untilClosed(waitingMs);
  },
  async 'half-open'({ head, write, untilClosed }) {
    await write(half(head));
    await untilClosed(waitingMs);
  },
  async malformed({ request: { method, path }, write, untilHeard }) {
    await write(Buffer.from(`${method} ${path} HTTP/1.1\r\nhost\r\ncontent-length: many\r\n\r\n`));
    await untilHeard(answerMs);
  },
  async 'bad-body'({ head, body, write, untilHeard }) {
    await write(head, half(body));
    await untilHeard(answerMs);
  },
  async timeout({ head, body, write, untilHeard }) {
    await write(head, body);
    await untilHeard(patienceMs);
  },
};

/** Asks as clients do that break off, stall, or send nonsense; each request on a connection of its own. */
export class FaultyClient {
  private readonly address: URL;

  constructor(
    url: string,
    private readonly settings: HttpSettings = {},
  ) {
    this.address = new URL(url);
  }

  /**
   * @param random uniform in [0, 1)
   * @returns once the connection is gone
   * @throws when the target does not accept the connection
   */
  async send(fault: ClientFault, request: SentRequest, random: () => number): Promise<void> {
    const socket = await this.connect(fault === 'slow-read');
    // What the service makes of the fault is its own affair.
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const body = await bytesOf(request.body);
    // Half a body that says it is whole is answered; half of one that does not is waited for.
    const head = this.head(request, fault === 'bad-body' ? body.length >> 1 : body.length);
    await conduct[fault]({
      request,
      head,
      body,
      leaveMs: leavingMs.min + random() * (leavingMs.max - leavingMs.min),
      write: (...parts) => write(socket, parts),
      untilHeard: (maxMs) =>
        within(maxMs, closed, new Promise<void>((resolve) => socket.once('data', () => resolve()))),
      untilClosed: (maxMs) => within(maxMs, closed),
    });
    socket.destroy();
    await closed;
  }

  private async connect(readsSlowly: boolean): Promise<net.Socket> {
    const { hostname, port, protocol } = this.address;
    const host = hostname.replace(/^\[|\]$/g, '');
    const secure = protocol === 'https:';
    const socket = secure
      ? tls.connect({ host, port: Number(port || 443), rejectUnauthorized: false })
      : net.connect({ host, port: Number(port || 80), ...(readsSlowly && { onread: oneByte }) });
    await once(socket, secure ? 'secureConnect' : 'connect');
    return socket;
  }

  private head({ method, path, headers, body }: SentRequest, length: number): Buffer {
    const fields = {
      host: this.address.host,
      ...(body !== undefined && { 'content-length': String(length) }),
      ...withDefaultHeaders(this.settings.headers ?? {}, headers),
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  }
}

function bytesOf(body: SentRequest['body']): Promise<Buffer> | Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body as Uint8Array) : buffer(body);
}

/** One byte is taken, then no more. */
const oneByte: net.OnReadOpts = { buffer: new Uint8Array(1), callback: () => false };

async function write(socket: net.Socket, parts: readonly Buffer[]): Promise<void> {
  for (const part of parts)
    if (part.length > 0 && !socket.destroyed) await new Promise<void>((resolve) => socket.write(part, () => resolve()));
}

async function within(maxMs: number, ...events: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, maxMs);
  });
  await Promise.race([late, ...events]);
  clearTimeout(timer);
}
