import type net from 'node:net';

export type Handler = (params: never) => unknown;

/** Taken before the target's own code is loaded, which may set others in their place. */
const { parse, stringify } = JSON;

/** Answers plateau: one JSON object a line, `{id, method, params}` by `{id, result}` or `{id, error}`. */
export class RequestServer {
  private readonly handlers: Map<string, Handler>;
  private readonly awaited = new Map<string, (handler: Handler) => void>();

  constructor(
    private readonly socket: net.Socket,
    handlers: Readonly<Record<string, Handler>>,
  ) {
    this.handlers = new Map(Object.entries(handlers));
    socket.setEncoding('utf8');
    let pending = '';
    socket.on('data', (chunk: string) => {
      pending += chunk;
      for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
        const line = pending.slice(0, end);
        pending = pending.slice(end + 1);
        void this.answer(line);
      }
    });
    socket.on('error', () => undefined);
  }

  handle(method: string, handler: Handler): void {
    this.handlers.set(method, handler);
    this.awaited.get(method)?.(handler);
    this.awaited.delete(method);
  }

  private async answer(line: string): Promise<void> {
    const { id, method, params } = parse(line) as { id: number; method: string; params: never };
    let reply: string;
    try {
      const handler = this.handlers.get(method) ?? (await this.handlerAdded(method));
      reply = stringify({ id, result: (await handler(params)) ?? {} });
    } catch (error) {
      reply = stringify({ id, error: textOf(error) });
    }
    this.socket.write(`${reply}\n`);
  }

  /** plateau may ask before the process that hosts function modules has loaded and added its requests. */
  private handlerAdded(method: string): Promise<Handler> {
    return new Promise((resolve) => void this.awaited.set(method, resolve));
  }
}

/** Anything can be thrown, also what has no text: what the model says of it cannot be loaded here. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown);
  } catch {
    return 'a value that has no text';
  }
}
