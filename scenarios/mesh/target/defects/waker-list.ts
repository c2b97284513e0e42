import type { NetworkState, Waker } from '../peers/network-state.js';

/** A waker for each poll; the list is emptied when the state changes, which it hardly ever does. */
export class WakerListNetworkState implements NetworkState {
  readonly #wakers: Waker[] = [];
  #state = 'online';

  get wakers(): number {
    return this.#wakers.length;
  }

  poll(_watcher: object, waker: Waker): string {
    this.#wakers.push(waker);
    return this.#state;
  }

  unwatch(_watcher: object): void {}

  change(state: string): void {
    this.#state = state;
    for (const wake of this.#wakers.splice(0)) wake();
  }
}
