import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Databases, defaultDatabase } from './database/databases.js';
import { createHttpServer } from './http/http-server.js';
import { SessionServer } from './sessions/session-server.js';

/** The branch store: databases on disk, served over HTTP and over sessions. */
export class Service {
  readonly #databases: Databases;
  readonly #sessions: SessionServer;
  readonly #http: Server;
  #sessionPort = 0;

  private constructor(databases: Databases) {
    this.#databases = databases;
    this.#sessions = new SessionServer(databases.get(defaultDatabase));
    this.#http = createHttpServer(databases, () => this.#stats());
  }

  /**
   * Recovers the databases, then listens on 127.0.0.1.
   * @param options.port for HTTP; 0: a free one. Sessions always get a free one, which `GET /stats` tells
   */
  static async start(options: { readonly dataDirectory: string; readonly port: number }): Promise<Service> {
    const service = new Service(await Databases.open(options.dataDirectory));
    service.#http.listen(options.port, '127.0.0.1');
    await once(service.#http, 'listening');
    service.#sessionPort = await service.#sessions.listen();
    return service;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** Answers what is under way, then puts everything into snapshots. */
  async stop(): Promise<void> {
    const httpClosed = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeIdleConnections();
    await Promise.all([httpClosed, this.#sessions.close()]);
    await this.#databases.closeAll();
  }

  #stats(): unknown {
    return {
      isQuiet: this.#databases.isQuiet,
      sessionPort: this.#sessionPort,
      gauges: {
        databases: this.#databases.count,
        sessions: this.#sessions.sessionCount,
        ...this.#databases.gauges(),
      },
    };
  }
}
