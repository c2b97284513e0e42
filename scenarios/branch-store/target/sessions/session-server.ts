import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Database } from '../database/database.js';
import { Session } from './session.js';

/** Listens for sessions with one database. */
export class SessionServer {
  readonly #server: Server;
  readonly #sessions = new Set<Session>();

  constructor(database: Database) {
    this.#server = createServer((socket) => {
      const session = new Session(database, socket, () => this.#sessions.delete(session));
      this.#sessions.add(session);
    });
  }

  get count(): number {
    return this.#sessions.size;
  }

  /** `undefined` before it listens. */
  get port(): number | undefined {
    return (this.#server.address() as AddressInfo | null)?.port;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  close(): Promise<void> {
    for (const session of this.#sessions) session.close();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
