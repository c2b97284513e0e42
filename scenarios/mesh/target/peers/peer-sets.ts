/** Values by peer. Knows at most `capacity` peers: the one heard of longest ago makes room. */
export class PeerSets {
  readonly #sets = new Map<string, Set<string>>();
  readonly #capacity: number;
  #elements = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get peers(): number {
    return this.#sets.size;
  }

  /** Values of all peers together. */
  get elements(): number {
    return this.#elements;
  }

  add(peer: string, value: string): void {
    const values = this.#sets.get(peer) ?? new Set<string>();
    this.#sets.delete(peer);
    this.#sets.set(peer, values);
    if (!values.has(value)) this.#elements += 1;
    values.add(value);
    if (this.#sets.size > this.#capacity) this.forget(this.#sets.keys().next().value!);
  }

  forget(peer: string): void {
    this.#elements -= this.#sets.get(peer)?.size ?? 0;
    this.#sets.delete(peer);
  }
}
