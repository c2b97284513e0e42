interface Slot {
  readonly bytes: Buffer;
  readonly sinceMs: number;
}

/** First datagrams of handshakes that nobody has answered yet; full at `capacity`. */
export class IncomingSlab {
  readonly #slots = new Map<number, Slot>();
  readonly #capacity: number;
  #nextIndex = 0;
  #totalBytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Kept as slots come and go. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Added up; differs from `totalBytes` when the books do not balance. */
  countBytes(): number {
    let bytes = 0;
    for (const slot of this.#slots.values()) bytes += slot.bytes.length;
    return bytes;
  }

  /** @returns the place, `undefined` when there is none left */
  insert(bytes: Buffer): number | undefined {
    if (this.#slots.size >= this.#capacity) return undefined;
    const index = this.#nextIndex++;
    this.#slots.set(index, { bytes, sinceMs: performance.now() });
    this.#totalBytes += bytes.length;
    return index;
  }

  remove(index: number): void {
    this.#totalBytes -= this.#slots.get(index)?.bytes.length ?? 0;
    this.#slots.delete(index);
  }

  removeOlderThan(ageMs: number): void {
    const oldestMs = performance.now() - ageMs;
    for (const [index, { sinceMs }] of this.#slots) {
      if (sinceMs > oldestMs) return;
      this.remove(index);
    }
  }
}
