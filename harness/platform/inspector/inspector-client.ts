import { EventEmitter, once } from 'node:events';
import type { WebSocket } from 'undici';

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string } | undefined;
  readonly method?: string;
  readonly params?: unknown;
}

/** What is no message is passed over: whoever waits for one gives up after a while. */
function messageOf(text: string): Message {
  try {
    return (JSON.parse(text) ?? {}) as Message;
  } catch {
    return {};
  }
}

/** Speaks with the inspector of another process, over the loopback interface. Every wait ends with `signal`. */
export class InspectorClient {
  private readonly answers = new EventEmitter();
  private readonly events = new EventEmitter();
  private asked = 0;

  private constructor(
    private readonly socket: WebSocket,
    private readonly signal: AbortSignal,
  ) {
    this.answers.setMaxListeners(0);
    socket.addEventListener('message', ({ data }) => {
      const { id, method, result, error, params } = messageOf(String(data));
      if (id !== undefined) this.answers.emit(`answer ${id}`, { result, error } satisfies Message);
      else if (method !== undefined) this.events.emit(`event ${method}`, params);
    });
  }

  static async connect(url: string, signal: AbortSignal): Promise<InspectorClient> {
    // Loaded here: most runs speak with no inspector, and loading it takes 100 ms of CPU.
    const { WebSocket } = await import('undici');
    const socket = new WebSocket(url);
    await once(socket, 'open', { signal });
    return new InspectorClient(socket, signal);
  }

  async ask<Result>(method: string, params: object = {}): Promise<Result> {
    this.asked += 1;
    const id = this.asked;
    const answered = once(this.answers, `answer ${id}`, { signal: this.signal });
    this.socket.send(JSON.stringify({ id, method, params }));
    const [{ error, result }] = (await answered) as [Message];
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as Result;
  }

  on<Params>(event: string, listener: (params: Params) => void): void {
    this.events.on(`event ${event}`, listener);
  }

  async next<Params>(event: string, signal: AbortSignal): Promise<Params> {
    const [params] = await once(this.events, `event ${event}`, { signal: AbortSignal.any([signal, this.signal]) });
    return params as Params;
  }

  /** Resolves when the other side knows, or is gone. */
  async close(): Promise<void> {
    if (this.socket.readyState === this.socket.CLOSED) return;
    const closed = once(this.socket, 'close', { signal: this.signal }).catch(() => undefined);
    this.socket.close();
    await closed;
  }
}
