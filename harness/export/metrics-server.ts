import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { invalidOption } from '../model/errors.js';
import type { MetricFamily } from './metric-families.js';
import { openMetricsText, openMetricsType, prometheusText, prometheusType } from './open-metrics.js';

export interface MetricsServer {
  readonly url: string;
  /** Resolves with the next answer that was asked for, or when the signal is aborted. */
  nextScrape(signal: AbortSignal): Promise<void>;
  /** Somebody has asked before. */
  readonly scraped: boolean;
  close(): Promise<void>;
}

/**
 * Serves metrics at `/metrics`, on the loopback interface alone: what a target does is nobody else's business.
 * @param port 0: any that is free
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` when the port is taken
 */
export async function serveMetrics(port: number, families: () => readonly MetricFamily[]): Promise<MetricsServer> {
  let scrapes = 0;
  const server = createServer((request, response) => {
    if (new URL(request.url ?? '/', 'http://127.0.0.1').pathname !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('metrics are at /metrics\n');
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const open = request.headers.accept?.includes('application/openmetrics-text') ?? false;
    response.writeHead(200, { 'content-type': open ? openMetricsType : prometheusType });
    response.end(open ? openMetricsText(families()) : prometheusText(families()), () => {
      scrapes += 1;
      server.emit('scraped');
    });
  });
  await listening(server, port);
  // The run alone keeps plateau alive.
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    get scraped() {
      return scrapes > 0;
    },
    async nextScrape(signal) {
      // Waiting is work: without it Node would see nothing left to do.
      server.ref();
      await once(server, 'scraped', { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      server.unref();
    },
    close: () => closed(server),
  };
}

async function listening(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw invalidOption(
      `--metrics-port: expected a free port of 127.0.0.1, got ${port} (${code ?? message}).`,
      '--metrics-port 0 takes any that is free',
      error,
    );
  }
}

async function closed(server: Server): Promise<void> {
  const done = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await done;
}
