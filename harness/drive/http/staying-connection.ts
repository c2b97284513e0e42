import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import type autocannon from 'autocannon';
import { type NextRequest, reopenWhenEnded, startInstance, type WritingClient } from './autocannon-instance.js';

/** The same for a connection that stays open. */
interface OpenClient extends WritingClient {
  readonly conn: Socket;
  readonly timeoutTicker: { clear(): void };
  /** While it is set, nothing is sent, and no connection is made anew. */
  destroyed: boolean;
  readonly reqsMade: number;
  /** Once so many requests were made, it calls `destroy`. */
  responseMax: number;
  destroy(): void;
  _connect(): void;
}

const Client = createRequire(import.meta.url)('autocannon/lib/httpClient.js') as new (options: object) => OpenClient;

/** Events of a connection that a round takes part in. */
const forwarded = ['response', 'timeout', 'connError'] as const;

interface Round {
  readonly events: EventEmitter;
  readonly next: NextRequest;
  /** Takes what making a request threw. */
  readonly end: (problem?: unknown) => void;
}

/**
 * A connection that stays open from round to round, as those of browsers, proxies and pools do: what a target keeps for the
 * requests of one connection adds up there. Autocannon closes its own when a round is over.
 */
export class StayingConnection {
  private client: OpenClient | undefined;
  private round: Round | undefined;

  constructor(
    private readonly url: string,
    private readonly options: Pick<autocannon.Options, 'timeout' | 'verifyBody'>,
  ) {}

  /**
   * Sends so many requests, one after the other; resolves when each is answered or lost, or it was closed. Where the target
   * closed the connection since, it is opened anew.
   * @param requests at least 1
   * @throws what making a request threw
   */
  drive(requests: number, setUp: (events: EventEmitter) => NextRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const events = new EventEmitter();
      const end = (problem?: unknown) => (problem === undefined ? resolve() : reject(problem as Error));
      this.round = { events, next: setUp(events), end };
      if (this.client === undefined) this.open(requests);
      else this.resume(this.client, requests);
    });
  }

  close(): void {
    const { client } = this;
    this.client = undefined;
    client?.conn.removeAllListeners('error').on('error', () => undefined);
    if (client !== undefined) this.pause(client);
    client?.conn.destroy();
  }

  private open(requests: number): void {
    // Its constructor sends the first request.
    new Client({
      ...this.options,
      ...urlToHttpOptions(new URL(this.url)),
      method: 'GET',
      responseMax: requests,
      setupClient: (client: OpenClient) => {
        this.client = client;
        client.getRequestBuffer = () => this.nextRequest(client);
        client.destroy = () => this.pause(client);
        reopenWhenEnded(client);
        for (const name of forwarded)
          client.on(name, (...values: unknown[]) => this.round?.events.emit(name, ...values));
      },
    });
  }

  private resume(client: OpenClient, requests: number): void {
    const { conn, reqsMade } = client;
    client.destroyed = false;
    client.responseMax = reqsMade + requests;
    if (conn.writable && !conn.readableEnded) client._doRequest();
    else client._connect();
  }

  private nextRequest(client: OpenClient): string | Buffer {
    try {
      return this.round?.next() ?? '';
    } catch (error) {
      this.pause(client, error);
      return '';
    }
  }

  private pause(client: OpenClient, problem?: unknown): void {
    client.destroyed = true;
    client.timeoutTicker.clear();
    this.round?.end(problem);
    this.round = undefined;
  }
}

/** How long connections may wait for an answer beside those that are open and idle, besides three times the usual time. */
const besideIdleMs = 2_000;

interface StayingOptions extends Pick<autocannon.Options, 'timeout' | 'verifyBody'> {
  readonly url: string;
  readonly count: number;
  /** Time in which the target answered a request. */
  readonly answerMs: number;
  readonly next: NextRequest;
}

/**
 * Connections that stay open, if the target answers as many new ones beside them; else none. Each takes a request.
 */
export async function connectionsThatStay(options: StayingOptions): Promise<readonly StayingConnection[]> {
  const { url, count, answerMs, next, ...others } = options;
  const connections = Array.from({ length: count }, () => new StayingConnection(url, others));
  let answered = 0;
  const setUp = (events: NodeJS.EventEmitter) => {
    events.on('response', () => {
      answered += 1;
    });
    return next;
  };
  let beside: ReturnType<typeof startInstance> | undefined;
  const giveUp = () => {
    beside?.stop();
    for (const connection of connections) connection.close();
  };
  const limit = setTimeout(giveUp, besideIdleMs + 3 * answerMs);
  await Promise.all(connections.map((connection) => connection.drive(1, setUp)));
  if (answered === count) {
    beside = startInstance({ ...others, url, amount: count, connections: count }, setUp);
    await beside.done;
  }
  clearTimeout(limit);
  if (answered === 2 * count) return connections;
  giveUp();
  return [];
}
