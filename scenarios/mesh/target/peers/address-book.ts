import type { PeerSets } from './peer-sets.js';

/** Where the connected peers can be reached, and what they care for. */
export class AddressBook {
  /** Connections by peer: one that reconnects before its old connection is gone has two. */
  readonly #connections = new Map<string, number>();

  constructor(
    readonly addresses: PeerSets,
    readonly topics: PeerSets,
  ) {}

  get peers(): number {
    return this.#connections.size;
  }

  isConnected(peer: string): boolean {
    return this.#connections.has(peer);
  }

  connected(peer: string, address: string): void {
    this.#connections.set(peer, (this.#connections.get(peer) ?? 0) + 1);
    this.addresses.add(peer, address);
  }

  announced(peer: string, topics: readonly string[]): void {
    for (const topic of topics) this.topics.add(peer, topic);
  }

  disconnected(peer: string): void {
    const left = (this.#connections.get(peer) ?? 1) - 1;
    if (left > 0) {
      this.#connections.set(peer, left);
      return;
    }
    this.#connections.delete(peer);
    this.addresses.forget(peer);
    this.topics.forget(peer);
  }
}
