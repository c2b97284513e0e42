import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { ServiceError } from '../../../service/service-error.js';
import { FairQueue, maxWaiting } from '../duckdb/fair-queue.js';
import type { ConnectionQueue } from '../duckdb/query-pool.js';
import type { Defects } from './names.js';

const gate = new Int32Array(new SharedArrayBuffer(4));

/** Waits the way threads do, on the only thread there is: nothing else runs, not even who has a connection to give. */
class BlockingQueue<Connection> implements ConnectionQueue<Connection> {
  readonly #idle: Connection[] = [];
  readonly #blockMs: number;
  readonly #pauseMs: number;
  #waiting = 0;

  constructor({ blockMs, pauseMs }: { blockMs: number; pauseMs: number }) {
    this.#blockMs = blockMs;
    this.#pauseMs = pauseMs;
  }

  get waiting(): number {
    return this.#waiting;
  }

  async take(timeoutMs: number): Promise<Connection> {
    const startedMs = performance.now();
    this.#waiting += 1;
    try {
      do {
        const connection = this.#idle.pop();
        if (connection !== undefined) return connection;
        Atomics.wait(gate, 0, 0, this.#blockMs);
        await (this.#pauseMs > 0 ? wait(this.#pauseMs) : nextTurn());
      } while (performance.now() - startedMs < timeoutMs);
      throw new ServiceError(503, 'pool: no connection in time');
    } finally {
      this.#waiting -= 1;
    }
  }

  give(connection: Connection): void {
    this.#idle.push(connection);
  }
}

/** Whoever waits is put on a list, and taken off it only when the wait was in vain. */
class KeptTickets<Connection> implements ConnectionQueue<Connection> {
  readonly #queue = new FairQueue<Connection>();
  readonly #tickets = new Set<object>();

  get waiting(): number {
    return this.#tickets.size;
  }

  async take(timeoutMs: number, signal: AbortSignal): Promise<Connection> {
    if (this.#queue.idle > 0) return this.#queue.take(timeoutMs, signal);
    if (this.#tickets.size >= maxWaiting) throw new ServiceError(503, `pool: ${maxWaiting} are waiting already`);
    const ticket = {};
    this.#tickets.add(ticket);
    return this.#queue.take(timeoutMs, signal).catch((error: unknown) => {
      this.#tickets.delete(ticket);
      throw error;
    });
  }

  give(connection: Connection): void {
    this.#queue.give(connection);
  }
}

export function createQueue<Connection>(defects: Defects): ConnectionQueue<Connection> {
  if (defects.has('blocking-wait')) return new BlockingQueue({ blockMs: 1_000, pauseMs: 0 });
  if (defects.has('short-blocking-wait')) return new BlockingQueue({ blockMs: 100, pauseMs: 100 });
  if (defects.has('kept-tickets')) return new KeptTickets();
  return new FairQueue();
}
