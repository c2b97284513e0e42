/** A key that is gone after `expiresAt` unless it is written again. */
export interface Expiry {
  readonly expiresAt: number;
  readonly branchId: string;
  readonly key: string;
  /** The version that expires. */
  readonly version: number;
}

/** What expires, soonest first: a binary heap. */
export class ExpiryIndex {
  readonly #heap: Expiry[] = [];

  get size(): number {
    return this.#heap.length;
  }

  get soonest(): Expiry | undefined {
    return this.#heap[0];
  }

  add(expiry: Expiry): void {
    const heap = this.#heap;
    let index = heap.push(expiry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.expiresAt <= expiry.expiresAt) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = expiry;
  }

  /** Takes out the soonest if it is due. */
  takeDue(now: number): Expiry | undefined {
    const heap = this.#heap;
    const due = heap[0];
    if (due === undefined || due.expiresAt > now) return undefined;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sinkFromTop(last);
    return due;
  }

  #sinkFromTop(expiry: Expiry): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && heap[right]!.expiresAt < heap[left]!.expiresAt ? right : left;
      if (heap[child]!.expiresAt >= expiry.expiresAt) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = expiry;
  }
}
