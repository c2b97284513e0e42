import { get, type RequestOptions } from 'node:http';

/**
 * Asks a dependency over a connection of its own; resolves when it answers 2xx.
 * @param signal ends the probe and its connection
 */
export type Probe = (url: string, signal: AbortSignal) => Promise<void>;

const probeTimeoutMs = 500;

export const probe: Probe = (url, signal) => ask(url, { signal, timeout: probeTimeoutMs });

export function ask(url: string, options: RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, ...options }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`answered ${statusCode}`));
      });
    });
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.once('error', reject);
  });
}
