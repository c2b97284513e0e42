export type Waker = () => void;

/** A value that many watch: each is woken once after it has changed. */
export interface NetworkState {
  readonly wakers: number;
  poll(watcher: object, waker: Waker): string;
  unwatch(watcher: object): void;
  change(state: string): void;
}

/** One waker for each watcher, whoever often it polls. */
export class WatchedNetworkState implements NetworkState {
  readonly #wakers = new Map<object, Waker>();
  #state = 'online';

  get wakers(): number {
    return this.#wakers.size;
  }

  poll(watcher: object, waker: Waker): string {
    this.#wakers.set(watcher, waker);
    return this.#state;
  }

  unwatch(watcher: object): void {
    this.#wakers.delete(watcher);
  }

  change(state: string): void {
    this.#state = state;
    const wakers = [...this.#wakers.values()];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }
}
