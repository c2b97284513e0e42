/** What all locks of a service count together. */
export interface LockCounts {
  held: number;
  waiting: number;
}

/** One at a time, in the order of asking. */
export class Mutex {
  readonly #waiting: (() => void)[] = [];
  readonly #counts: LockCounts;
  #held = false;

  constructor(counts: LockCounts) {
    this.#counts = counts;
  }

  async acquire(): Promise<Disposable> {
    if (this.#held) {
      this.#counts.waiting += 1;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#counts.waiting -= 1;
    }
    this.#held = true;
    this.#counts.held += 1;
    return { [Symbol.dispose]: () => this.#release() };
  }

  #release(): void {
    this.#counts.held -= 1;
    const next = this.#waiting.shift();
    // Who is next has the lock from now on, though it only hears of it later.
    if (next === undefined) this.#held = false;
    else next();
  }
}
