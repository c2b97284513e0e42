import type { Duplex } from 'node:stream';
import { PlateauError } from '../model/errors.js';

const defaultTimeoutMs = 30_000;
/** An answer of an agent is a few MiB at most; what is longer than this never ends. */
const lineLengthMax = 256 * 1024 * 1024;

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

/**
 * Asks a process: one JSON object a line, `{id, method, params}` answered by `{id, result}` or `{id, error}`. Other lines are
 * passed over: the target's own code may write to the descriptor too.
 */
export class RequestClient {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private pending = '';
  private closed = false;

  /** @param silenceHint what to look at when the process does not answer */
  constructor(
    private readonly stream: Duplex,
    private readonly silenceHint: string,
  ) {
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
            { hint: this.silenceHint },
          ),
        );
      }, timeoutMs);
      timer.unref();
      this.waiting.set(id, { method, timer, resolve: resolve as (result: unknown) => void, reject });
      this.stream.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  private receive(chunk: string): void {
    const [first, ...further] = chunk.split('\n') as [string, ...string[]];
    const lines = [this.pending + first, ...further];
    this.pending = lines.pop()!;
    for (const line of lines) {
      const reply = replyOf(line);
      const waiting = reply === undefined ? undefined : this.waiting.get(reply.id);
      if (reply === undefined || waiting === undefined) continue;
      this.waiting.delete(reply.id);
      clearTimeout(waiting.timer);
      if (reply.error === undefined) waiting.resolve(reply.result);
      else waiting.reject(new RequestError(waiting.method, reply.error));
    }
    if (this.pending.length > lineLengthMax) {
      this.pending = '';
      this.stream.destroy();
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

function replyOf(line: string): Reply | undefined {
  try {
    const { id, result, error } = JSON.parse(line) as Record<string, unknown>;
    if (typeof id !== 'number') return undefined;
    return error === undefined ? { id, result } : { id, error: String(error) };
  } catch {
    return undefined;
  }
}

/** The process threw while it answered: its own code (setup, gauges, a module that does not load) or plateau's in it. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly method: string,
    readonly targetStack: string,
  ) {
    super(`\`${method}\` threw ${targetStack.split('\n', 1)[0]}`);
  }
}

function gone(method: string): PlateauError {
  return new PlateauError('PLATEAU_TARGET_CRASHED', `the target ended while it was asked for \`${method}\``);
}
