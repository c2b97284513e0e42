import { randomInt } from 'node:crypto';
import net from 'node:net';

/** Below what systems give to outgoing connections: one of those could take a port between this search and its use. */
const ports = { from: 20_000, to: 30_000 } as const;
const triesMax = 100;

/** A TCP port of the loopback addresses that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      const port = await opened(randomInt(ports.from, ports.to), '127.0.0.1');
      // Where there is no IPv6, nobody listens there.
      await opened(port, '::1').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') throw error;
      });
      return port;
    } catch (error) {
      if (tries === triesMax) throw error;
    }
  }
}

/** Listens on a port for a moment, to see that it can be had. */
function opened(port: number, host: string): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(port, host, () => server.close(() => resolvePort(port)));
  });
}
