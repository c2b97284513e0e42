/** Messages for peers that are away: the last few for each, delivered when it comes back. */
export class Outbox {
  readonly #messages = new Map<string, string[]>();
  readonly #capacityPerPeer: number;
  #size = 0;

  constructor(capacityPerPeer: number) {
    this.#capacityPerPeer = capacityPerPeer;
  }

  /** Messages of all peers together. */
  get size(): number {
    return this.#size;
  }

  put(peer: string, text: string): void {
    const waiting = this.#messages.get(peer) ?? [];
    this.#messages.set(peer, waiting);
    waiting.push(text);
    if (waiting.length > this.#capacityPerPeer) waiting.shift();
    else this.#size += 1;
  }

  take(peer: string): readonly string[] {
    const waiting = this.#messages.get(peer) ?? [];
    this.#messages.delete(peer);
    this.#size -= waiting.length;
    return waiting;
  }
}
