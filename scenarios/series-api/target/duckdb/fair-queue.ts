import { ServiceError } from '../../../service/service-error.js';
import type { ConnectionQueue } from './query-pool.js';

/** Callers waiting at once; more are turned away. */
export const maxWaiting = 100;

interface Waiter<Connection> {
  readonly settle: (connection: Connection) => void;
}

/** First come, first served; a waiter costs nothing until it is served, gives up or is given up on. */
export class FairQueue<Connection> implements ConnectionQueue<Connection> {
  readonly #idle: Connection[] = [];
  readonly #waiters = new Set<Waiter<Connection>>();

  get idle(): number {
    return this.#idle.length;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  async take(timeoutMs: number, signal: AbortSignal): Promise<Connection> {
    const connection = this.#idle.pop();
    if (connection !== undefined) return connection;
    if (this.#waiters.size >= maxWaiting) throw new ServiceError(503, `pool: ${maxWaiting} are waiting already`);
    return this.#wait(timeoutMs, signal);
  }

  give(connection: Connection): void {
    const [first] = this.#waiters;
    if (first === undefined) this.#idle.push(connection);
    else first.settle(connection);
  }

  #wait(timeoutMs: number, signal: AbortSignal): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.#waiters.delete(waiter);
      };
      const giveUp = () => {
        leave();
        reject(new ServiceError(503, 'pool: no connection in time'));
      };
      const waiter: Waiter<Connection> = {
        settle(connection) {
          leave();
          resolve(connection);
        },
      };
      const timer = setTimeout(giveUp, timeoutMs);
      signal.addEventListener('abort', giveUp);
      this.#waiters.add(waiter);
      if (signal.aborted) giveUp();
    });
  }
}
