import { buffer } from 'node:stream/consumers';
import type { ClientFault } from '../../model/fault.js';
import type { HttpSettings } from '../../model/http.js';
import { type FaultExchange, type FaultFields, PlainExchange, StreamExchange } from './fault-exchange.js';
import { requestHead } from './request-bytes.js';
import { type SentRequest, withDefaultHeaders } from './sent-request.js';

/** A client that leaves does so at a random moment after it has asked: the service is at different work each time. */
const leavingMs = { min: 1, max: 20 } as const;
/**
 * How long a slow or half-open client keeps the service waiting before it leaves: twice as long as one that leaves at once. Each
 * round ends with the slowest of its cycles.
 */
const waitingMs = 40;
/**
 * A client with this little patience gives up on what does not begin to answer. The end of an answer is waited for `waitingMs`:
 * that of a WebSocket or of a stream of events never comes, and 250 ms a cycle made such a soak 3.6 times as long.
 */
const patienceMs = 250;
/** Longest time for an answer that is waited for. */
const answerMs = 5_000;

/** Faults of what is no whole request: bytes on a connection, whatever protocol is spoken. */
type BrokenFault = 'half-open' | 'malformed';
/** Faults in the course of a request. */
type RequestFault = Exclude<ClientFault, BrokenFault>;

interface Asked {
  readonly body: Buffer;
  readonly leaveMs: number;
}

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);

const conduct: Readonly<Record<RequestFault, (exchange: FaultExchange, asked: Asked) => Promise<void>>> = {
  async abort(exchange, { body, leaveMs }) {
    await exchange.ask(body, true);
    await exchange.untilHeard(leaveMs);
  },
  async 'abort-answer'(exchange, { body }) {
    await exchange.ask(body, true);
    await exchange.untilHeard(answerMs);
  },
  async 'abort-body'(exchange, { body, leaveMs }) {
    await exchange.ask(half(body), false);
    await exchange.untilClosed(leaveMs);
  },
  async 'slow-read'(exchange, { body }) {
    await exchange.ask(body, true);
    await exchange.untilClosed(waitingMs);
  },
  // Who is answered in time takes all of the answer: only the fault itself may disturb the service.
  async timeout(exchange, { body }) {
    await exchange.ask(body, true);
    await exchange.untilHeard(patienceMs);
    await exchange.untilAnswered(waitingMs);
  },
  async 'bad-body'(exchange, { body }) {
    await exchange.ask(half(body), true);
    await exchange.untilHeard(answerMs);
    await exchange.untilAnswered(waitingMs);
  },
};

/** Faults whose client may come to the end of the answer, which is that of the connection. */
const readsOn = new Set<ClientFault>(['timeout', 'bad-body']);

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
    const body = await bytesOf(request.body);
    // Half a body that says it is whole is answered; half of one that does not is waited for.
    const length = fault === 'bad-body' ? body.length >> 1 : body.length;
    const fields: FaultFields = {
      host: this.address.host,
      ...(readsOn.has(fault) && { connection: 'close' }),
      ...(request.body !== undefined && { 'content-length': String(length) }),
      ...withDefaultHeaders(this.settings.headers ?? {}, request.headers),
    };
    if (fault === 'half-open' || fault === 'malformed') return this.sendBroken(fault, request, fields);
    // A WebSocket begins as a request of HTTP/1.1.
    const exchange =
      this.settings.http2 && !('upgrade' in fields)
        ? await StreamExchange.open(this.address, request, fields)
        : await PlainExchange.open(this.address, headOf(request, fields), fault === 'slow-read');
    const leaveMs = leavingMs.min + random() * (leavingMs.max - leavingMs.min);
    try {
      await conduct[fault](exchange, { body, leaveMs });
    } finally {
      await exchange.leave();
    }
  }

  private async sendBroken(fault: BrokenFault, request: SentRequest, fields: FaultFields): Promise<void> {
    const { method, path } = request;
    const exchange = await PlainExchange.open(this.address, headOf(request, fields));
    try {
      if (fault === 'half-open') {
        await exchange.write(half(headOf(request, fields)));
        await exchange.untilClosed(waitingMs);
      } else {
        await exchange.write(Buffer.from(`${method} ${path} HTTP/1.1\r\nhost\r\ncontent-length: many\r\n\r\n`));
        await exchange.untilHeard(answerMs);
      }
    } finally {
      await exchange.leave();
    }
  }
}

function headOf(request: SentRequest, fields: FaultFields): Buffer {
  return Buffer.from(requestHead(request, fields));
}

function bytesOf(body: SentRequest['body']): Promise<Buffer> | Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body as Uint8Array) : buffer(body);
}
