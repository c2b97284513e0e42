import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRouter, type Routes } from './route.js';
import { ServiceError } from './service-error.js';

export interface ServiceOptions {
  readonly routes: Routes;
  /** Lets go of what the service holds; runs once, after the last answer. */
  readonly close?: () => void | Promise<void>;
  /** @defaultValue the variable PORT, else any free one */
  readonly port?: number;
}

const bodyLimitBytes = 4 * 1024 * 1024;
/** From SIGTERM until connections with an unanswered request are cut. */
const drainMs = 1_000;

/**
 * Serves the routes on 127.0.0.1, prints where, and ends the process on SIGTERM or SIGINT:
 * no new connection, running requests answered, then `close`.
 */
export async function serve(options: ServiceOptions): Promise<Server> {
  const route = createRouter(options.routes);
  const server = createServer((request, response) => void answer(route, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? Number(process.env.PORT ?? 0), '127.0.0.1', resolve);
  });
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(server, options.close));
  return server;
}

async function stop(server: Server, close: ServiceOptions['close']): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), drainMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
  await close?.();
  // Whatever a planted defect still holds must not keep the process alive.
  process.exit(0);
}

async function answer(
  route: ReturnType<typeof createRouter>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  try {
    const url = new URL(request.url ?? '/', 'http://service');
    const match = route(request.method ?? 'GET', url.pathname);
    if (match === undefined) throw new ServiceError(404, `no route for ${request.method} ${url.pathname}`);
    const body = await readJson(request);
    const { parameters, handler } = match;
    const reply = await handler({
      parameters,
      query: url.searchParams,
      headers: request.headers,
      body,
      signal: gone.signal,
    });
    response.off('close', leave);
    send(response, reply === undefined ? 204 : 200, reply);
  } catch (error) {
    response.off('close', leave);
    const message = error instanceof Error ? error.message : String(error);
    send(response, error instanceof ServiceError ? error.status : 500, { error: message });
  }
}

function send(response: ServerResponse, status: number, reply: unknown): void {
  if (response.destroyed) return;
  if (reply === undefined) {
    response.writeHead(status).end();
    return;
  }
  const bytes = Buffer.isBuffer(reply) ? reply : Buffer.from(JSON.stringify(reply));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > bodyLimitBytes) throw new ServiceError(413, `body: expected at most ${bodyLimitBytes} bytes`);
    chunks.push(chunk);
  }
  if (sizeBytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new ServiceError(400, 'body: expected JSON');
  }
}
