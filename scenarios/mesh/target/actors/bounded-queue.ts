export type SendOutcome = 'sent' | 'full' | 'closed';

/** The inbox of an actor: many send, one receives, and it holds at most `capacity` items. */
export class BoundedQueue<Item> {
  readonly #items: Item[] = [];
  readonly #capacity: number;
  readonly #waitingSenders: (() => void)[] = [];
  #wakeReceiver: (() => void) | undefined;
  #closed = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  trySend(item: Item): SendOutcome {
    if (this.#closed) return 'closed';
    if (this.#items.length >= this.#capacity) return 'full';
    this.#items.push(item);
    this.#wakeReceiver?.();
    return 'sent';
  }

  /** Waits for a place. */
  async send(item: Item): Promise<'sent' | 'closed'> {
    for (;;) {
      const outcome = this.trySend(item);
      if (outcome !== 'full') return outcome;
      await new Promise<void>((resolve) => this.#waitingSenders.push(resolve));
    }
  }

  /** Nothing more gets in; what is in is still received. */
  close(): void {
    this.#closed = true;
    this.#wakeReceiver?.();
    for (const wake of this.#waitingSenders.splice(0)) wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for (;;) {
      while (this.#items.length > 0) {
        const item = this.#items.shift()!;
        this.#waitingSenders.shift()?.();
        yield item;
      }
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wakeReceiver = resolve;
      });
      this.#wakeReceiver = undefined;
    }
  }
}
