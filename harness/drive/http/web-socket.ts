import type { Duplex } from 'node:stream';
import { buildConnector, Client, type ErrorEvent, type MessageEvent, WebSocket } from 'undici';
import type { HttpSettings, WaitOptions, WebSocketHandle } from '../../model/http.js';
import { inTime } from './open-handles.js';
import type { SentRequest } from './sent-request.js';
import { tlsOptions } from './tls-options.js';

/** A server that does not answer a goodbye in time is left without one. */
const goodbyeMs = 2_000;

/** Opens a WebSocket on a connection of its own, which can be dropped. */
export async function openWebSocket(
  origin: string,
  { path, headers, timeoutMs, signal }: SentRequest,
  settings: HttpSettings,
): Promise<WebSocketHandle> {
  const connect = buildConnector(tlsOptions(settings));
  let connection: Duplex | undefined;
  const client = new Client(origin, {
    connect(options, callback) {
      connect(options, (...[error, socket]) => {
        connection = socket ?? undefined;
        if (error) callback(error, null);
        else callback(null, socket!);
      });
    },
  });
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}${path}`, {
    dispatcher: client,
    headers: { ...headers },
  });
  socket.binaryType = 'arraybuffer';
  const inbox = new Inbox(socket, path);
  const closed = inbox.closed.then(() => client.destroy());
  const drop = () => {
    connection?.destroy();
    void client.destroy();
    return closed;
  };
  try {
    await inTime(inbox.opened, `the opening of the WebSocket ${path}`, { timeoutMs, signal });
  } catch (error) {
    void drop();
    throw error;
  }
  signal?.addEventListener('abort', drop, { once: true });
  void closed.then(() => signal?.removeEventListener('abort', drop));
  return {
    closed,
    send: (message) => socket.send(message),
    next: (options) => inbox.next(options),
    drop,
    async close() {
      socket.close();
      await inTime(closed, 'a goodbye', { timeoutMs: goodbyeMs }).catch(drop);
    },
  };
}

type Message = string | Uint8Array;

/** What came over a WebSocket and was not asked for yet. */
class Inbox {
  readonly opened: Promise<void>;
  readonly closed: Promise<void>;
  private readonly messages: Message[] = [];
  private onMessage = () => {};
  private arrived = this.nextArrival();
  private isClosed = false;

  constructor(
    socket: WebSocket,
    private readonly path: string,
  ) {
    this.opened = new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', (event: ErrorEvent) =>
        reject(new Error(`the WebSocket ${path} could not be opened: ${event.message || 'the server refused it'}`)),
      );
    });
    this.closed = new Promise((resolve) => {
      socket.addEventListener('close', () => {
        this.isClosed = true;
        this.onMessage();
        resolve();
      });
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      this.messages.push(typeof data === 'string' ? data : new Uint8Array(data));
      this.onMessage();
    });
  }

  async next(options: WaitOptions = {}): Promise<Message> {
    for (;;) {
      const message = this.messages.shift();
      if (message !== undefined) return message;
      if (this.isClosed) throw new Error(`the WebSocket ${this.path} is closed`);
      await inTime(this.arrived, `a message of the WebSocket ${this.path}`, options);
      this.arrived = this.nextArrival();
    }
  }

  private nextArrival(): Promise<void> {
    return new Promise((resolve) => {
      this.onMessage = resolve;
    });
  }
}
