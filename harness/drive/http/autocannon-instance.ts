import autocannon from 'autocannon';

/** Makes the bytes of the next request of a connection. */
export type NextRequest = () => string | Buffer;

export interface AutocannonInstance {
  /** All requests are answered or lost. Rejects with what making a request threw. */
  readonly done: Promise<void>;
  stop(): void;
}

/** How often autocannon looks whether all is done. */
const lookEveryMs = 10;

/** A connection of autocannon's, with what its types do not name. */
export interface WritingClient extends NodeJS.EventEmitter {
  /** Is asked for the bytes of each request just before it is sent. */
  getRequestBuffer: NextRequest;
  /** Sends the next request, or calls `destroy` after the last one. */
  _doRequest(): void;
  /** Closes the connection, opens another, and sends the next request. */
  _resetConnection(): void;
}

/** Many servers end a connection after 100 or 1,000 requests, and say so with the last answer: what is sent after that is lost. */
export function reopenWhenEnded(client: WritingClient): void {
  const sendNext = client._doRequest;
  let isEnding = false;
  client.on('headers', ({ shouldKeepAlive }: { shouldKeepAlive?: boolean }) => {
    isEnding = shouldKeepAlive === false;
  });
  client._doRequest = () => {
    const wasEnding = isEnding;
    isEnding = false;
    if (wasEnding) client._resetConnection();
    else sendNext.call(client);
  };
}

/**
 * Starts autocannon with requests that are made when they are sent: by itself it builds them all ahead, at 10 us each.
 * @param setUp is called for each connection
 */
export function startInstance(
  options: autocannon.Options,
  setUp: (client: NodeJS.EventEmitter) => NextRequest,
): AutocannonInstance {
  let problem: unknown;
  let stop = () => {};
  const setupClient = (client: autocannon.Client) => {
    const next = setUp(client);
    const writing = client as unknown as WritingClient;
    reopenWhenEnded(writing);
    writing.getRequestBuffer = () => {
      try {
        return next();
      } catch (error) {
        problem ??= error;
        stop();
        return '';
      }
    };
  };
  const done = new Promise<void>((resolve, reject) => {
    const all = { ...options, setupClient, sampleInt: lookEveryMs, skipAggregateResult: true };
    const instance = autocannon(all, (error: unknown) => {
      problem ??= error;
      if (problem) reject(problem as Error);
      else resolve();
    });
    stop = () => instance.stop();
    // The first requests were made meanwhile.
    if (problem) stop();
  });
  return { done, stop: () => stop() };
}
