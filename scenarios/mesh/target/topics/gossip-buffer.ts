/** What a peer said about a topic while a sync session with it was going on. */
export class GossipBuffer {
  readonly #buffers = new Map<string, string[]>();
  protected readonly sessions = new Map<string, number>();
  readonly #capacityPerSession: number;

  constructor(capacityPerSession: number) {
    this.#capacityPerSession = capacityPerSession;
  }

  get counters(): number {
    return this.sessions.size;
  }

  get buffers(): number {
    return this.#buffers.size;
  }

  /** A session begins; there may be several for a topic. */
  lock(peer: string, topic: string): void {
    const key = keyOf(peer, topic);
    this.sessions.set(key, (this.sessions.get(key) ?? 0) + 1);
    if (!this.#buffers.has(key)) this.#buffers.set(key, []);
  }

  /** @returns whether it was kept back: no session, nothing to wait for */
  hold(peer: string, topic: string, text: string): boolean {
    const buffer = this.#buffers.get(keyOf(peer, topic));
    if (buffer === undefined) return false;
    if (buffer.length < this.#capacityPerSession) buffer.push(text);
    return true;
  }

  /** A session ends. @returns what was kept back, once the last one has ended */
  unlock(peer: string, topic: string): readonly string[] {
    const key = keyOf(peer, topic);
    const left = Math.max(0, (this.sessions.get(key) ?? 0) - 1);
    this.sessions.set(key, left);
    if (left > 0) return [];
    this.ended(key);
    const buffer = this.#buffers.get(key) ?? [];
    this.#buffers.delete(key);
    return buffer;
  }

  /** No session of that peer and topic is left. */
  protected ended(key: string): void {
    this.sessions.delete(key);
  }
}

function keyOf(peer: string, topic: string): string {
  return `${peer}/${topic}`;
}
