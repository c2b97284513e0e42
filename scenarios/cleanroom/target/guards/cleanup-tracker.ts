/** Clean-ups that have begun and not ended; a process that ends waits for them. */
export class CleanupTracker {
  readonly #pending = new Set<Promise<void>>();

  get pending(): number {
    return this.#pending.size;
  }

  track(cleanup: Promise<void>): Promise<void> {
    const tracked = cleanup.finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
    return tracked;
  }

  async drain(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }
}
