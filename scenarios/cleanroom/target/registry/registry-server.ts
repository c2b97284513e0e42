import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { readLines } from './read-lines.js';
import type { RegistryAnswer, RegistryRequest } from './registry-protocol.js';

interface Entry {
  readonly name: string;
  readonly since: Date;
  /** Where the last signs of life are kept, one a minute. */
  readonly signs: readonly number[];
}

const keptSigns = 64;

/** Who has what, for all processes of the cleanroom: a map behind a Unix socket. */
export class RegistryServer {
  readonly #entries = new Map<string, Entry>();
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
    return this.#entries.size;
  }

  /** Strikes out the run, and all names that begin with its id: nobody is left who could. */
  forget(runId: string): void {
    for (const name of this.#entries.keys()) {
      if (name === runId || name.startsWith(`${runId} `)) this.#entries.delete(name);
    }
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
      this.#entries.set(name, { name, since: new Date(), signs: Array.from({ length: keptSigns }, () => 0) });
      if (flaky) this.#busy.add(name);
      return 'done';
    }
    if (this.#busy.delete(name)) return 'busy';
    this.#entries.delete(name);
    return 'done';
  }
}
