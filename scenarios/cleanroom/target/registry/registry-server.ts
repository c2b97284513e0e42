import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { readLines } from './read-lines.js';
import type { RegistryAnswer, RegistryRequest } from './registry-protocol.js';

/** Who has what, for all processes of the cleanroom: a map behind a Unix socket. */
export class RegistryServer {
  readonly #names = new Set<string>();
  /** Names whose next attempt to go is turned away. */
  readonly #busy = new Set<string>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async listen(path: string): Promise<RegistryServer> {
    const registry = new RegistryServer();
    registry.#server.listen(path);
    await once(registry.#server, 'listening');
    return registry;
  }

  get size(): number {
    return this.#names.size;
  }

  /** Strikes out the run, and all names that begin with its id: nobody is left who could. */
  forget(runId: string): void {
    for (const name of this.#names) if (name === runId || name.startsWith(`${runId} `)) this.#names.delete(name);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    readLines(socket, (line) => {
      const answer: RegistryAnswer = { outcome: this.#handle(JSON.parse(line) as RegistryRequest) };
      if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
    });
  }

  #handle({ operation, name, flaky }: RegistryRequest): RegistryAnswer['outcome'] {
    if (operation === 'register') {
      this.#names.add(name);
      if (flaky) this.#busy.add(name);
      return 'done';
    }
    if (this.#busy.delete(name)) return 'busy';
    this.#names.delete(name);
    return 'done';
  }
}
