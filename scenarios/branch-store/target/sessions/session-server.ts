import { createServer, type Server } from 'node:net';
import type { Database } from '../database/database.js';
import { Session } from './session.js';

/** Listens for sessions on the default database. */
export class SessionServer {
  readonly #server: Server;
  readonly #sessions = new Set<Session>();

  constructor(database: Database) {
    this.#server = createServer((socket) => {
      const session = new Session(database, socket, () => this.#sessions.delete(session));
      this.#sessions.add(session);
    });
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** @returns the port, a free one */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  close(): Promise<void> {
    for (const session of this.#sessions) session.close();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
