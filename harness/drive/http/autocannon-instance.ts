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

/** Autocannon asks a client for the bytes of each request just before it sends them, which its types do not name. */
interface WritingClient extends autocannon.Client {
  getRequestBuffer: NextRequest;
}

/**
 * Starts autocannon with requests that are made when they are sent: by itself it builds them all ahead, at 10 us each.
 * @param setUp is called for each connection
 */
export function startInstance(
  options: autocannon.Options,
  setUp: (client: autocannon.Client) => NextRequest,
): AutocannonInstance {
  let problem: unknown;
  let stop = () => {};
  const setupClient = (client: autocannon.Client) => {
    const next = setUp(client);
    (client as WritingClient).getRequestBuffer = () => {
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
