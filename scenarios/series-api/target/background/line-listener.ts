import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { BackgroundService } from './background-service.js';

/** Listens for points sent line by line over TCP. */
export function createLineListener(port: number, take: (line: string) => void): BackgroundService {
  let server: Server | undefined;
  return {
    name: 'line-listener',
    async start() {
      const listening = createServer((socket) => socket.on('data', (chunk) => take(chunk.toString())));
      listening.listen(port, '127.0.0.1');
      await once(listening, 'listening');
      server = listening;
    },
    async stop() {
      await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    },
  };
}
