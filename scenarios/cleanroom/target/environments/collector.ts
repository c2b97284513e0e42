import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** Where environments hand in their figures when they end; whoever asks it to, it keeps waiting. */
export class Collector {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      socket.once('data', (report) => {
        const { stall } = JSON.parse(report.toString()) as { stall: boolean };
        if (!stall) socket.end('received');
      });
    });
  }

  static async listen(path: string): Promise<Collector> {
    const collector = new Collector();
    collector.#server.listen(path);
    await once(collector.#server, 'listening');
    return collector;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
