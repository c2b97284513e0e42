import type { Duplex } from 'node:stream';
import type { AgentHello } from '../model/agent-protocol.js';
import { PlateauError } from '../model/errors.js';
import type { AgentConnection } from '../model/target.js';

const defaultTimeoutMs = 30_000;

interface Waiting {
  readonly method: string;
  readonly timer: NodeJS.Timeout;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Requests and answers over the socket pair; see model/agent-protocol.ts. */
class AgentClient {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private pending = '';
  private closed = false;

  constructor(private readonly stream: Duplex) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => this.receive(chunk));
    stream.on('error', () => this.close());
    stream.on('close', () => this.close());
  }

  request<Result>(method: string, params: object, options: { readonly timeoutMs?: number } = {}): Promise<Result> {
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    return new Promise<Result>((resolve, reject) => {
      if (this.closed) return reject(gone(method));
      const id = this.nextId;
      this.nextId += 1;
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(
          new PlateauError(
            'PLATEAU_TARGET_UNRESPONSIVE',
            `the target did not answer \`${method}\` within ${timeoutMs} ms`,
            {
              hint: 'its event loop is blocked; look for synchronous work that does not end',
            },
          ),
        );
      }, timeoutMs);
      timer.unref();
      this.waiting.set(id, { method, timer, resolve: resolve as (result: unknown) => void, reject });
      this.stream.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  private receive(chunk: string): void {
    this.pending += chunk;
    for (let end = this.pending.indexOf('\n'); end >= 0; end = this.pending.indexOf('\n')) {
      const reply = JSON.parse(this.pending.slice(0, end)) as Reply;
      this.pending = this.pending.slice(end + 1);
      const waiting = this.waiting.get(reply.id);
      if (waiting === undefined) continue;
      this.waiting.delete(reply.id);
      clearTimeout(waiting.timer);
      if (reply.error === undefined) waiting.resolve(reply.result);
      else waiting.reject(new AgentRequestError(waiting.method, reply.error));
    }
  }

  private close(): void {
    this.closed = true;
    for (const { method, timer, reject } of this.waiting.values()) {
      clearTimeout(timer);
      reject(gone(method));
    }
    this.waiting.clear();
  }
}

/** The target threw while it answered: its own code (setup, gauges, a module that does not load) or the agent's. */
export class AgentRequestError extends Error {
  override readonly name = 'AgentRequestError';

  constructor(
    readonly method: string,
    readonly targetStack: string,
  ) {
    super(targetStack.split('\n')[0] ?? targetStack);
  }
}

/**
 * Greets the agent.
 * @throws {PlateauError} when it does not answer within `timeoutMs` or the process is gone
 */
export async function connectAgent(stream: Duplex, timeoutMs: number): Promise<AgentConnection> {
  const client = new AgentClient(stream);
  const hello = await client.request<AgentHello>('hello', {}, { timeoutMs });
  return { hello, request: (method, params, options) => client.request(method, params, options) };
}

function gone(method: string): PlateauError {
  return new PlateauError('PLATEAU_TARGET_CRASHED', `the target ended while it was asked for \`${method}\``);
}
