import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface HttpService {
  readonly url: string;
  readonly server: Server;
  /** `METHOD path`, in the order in which they came. */
  readonly seen: string[];
}

/** A server on a loopback port of its own, gone when the test has finished. */
export async function httpService(listener: RequestListener): Promise<HttpService> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, seen };
}
