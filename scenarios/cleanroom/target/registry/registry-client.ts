import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { readLines } from './read-lines.js';
import type { RegistryAnswer, RegistryRequest } from './registry-protocol.js';

/** The registry turned the request away; the same request may do later. */
export class RegistryBusyError extends Error {
  override readonly name = 'RegistryBusyError';
}

type Settle = (answer: RegistryAnswer | Error) => void;

export class RegistryClient {
  readonly #waiting: Settle[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    readLines(socket, (line) => {
      this.#waiting.shift()?.(JSON.parse(line) as RegistryAnswer);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      for (const settle of this.#waiting.splice(0)) settle(new Error('registry: gone'));
    });
  }

  static async connect(path: string): Promise<RegistryClient> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new RegistryClient(socket);
  }

  async register(name: string, options: { readonly flaky?: boolean } = {}): Promise<void> {
    await this.#ask({ operation: 'register', name, ...options });
  }

  /** @throws {RegistryBusyError} */
  async unregister(name: string): Promise<void> {
    const { outcome } = await this.#ask({ operation: 'unregister', name });
    if (outcome === 'busy') throw new RegistryBusyError(`registry: too busy to unregister ${name}`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #ask(request: RegistryRequest): Promise<RegistryAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('registry: gone'));
      this.#waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      this.#write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Requests of one turn of the event loop go out together. */
  #write(line: string): void {
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      setImmediate(() => this.#socket.uncork());
    }
    this.#socket.write(line);
  }
}
