export interface SeenIdsOptions {
  readonly capacity: number;
  readonly retentionMs: number;
}

/** Ids of what has been here, so that nothing goes round in circles. */
export class SeenIds {
  /** Id to the moment it came, oldest first. */
  readonly #seenAtMs = new Map<string, number>();
  readonly #options: SeenIdsOptions;
  readonly #sweeper: NodeJS.Timeout | undefined;

  constructor(options: SeenIdsOptions) {
    this.#options = options;
    if (!Number.isFinite(options.retentionMs)) return;
    this.#sweeper = setInterval(() => this.#expire(), options.retentionMs / 4).unref();
  }

  get size(): number {
    return this.#seenAtMs.size;
  }

  /** @returns false when it has been here before */
  add(id: string): boolean {
    if (this.#seenAtMs.has(id)) return false;
    this.#seenAtMs.set(id, performance.now());
    if (this.#seenAtMs.size > this.#options.capacity) this.#seenAtMs.delete(this.#seenAtMs.keys().next().value!);
    return true;
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  #expire(): void {
    const oldestMs = performance.now() - this.#options.retentionMs;
    for (const [id, seenAtMs] of this.#seenAtMs) {
      if (seenAtMs > oldestMs) return;
      this.#seenAtMs.delete(id);
    }
  }
}
