/** Waits that double from one failure to the next, up to a limit. */
export class BackOff {
  readonly #firstMs: number;
  readonly #msMax: number;
  #nextMs: number;

  constructor({ firstMs = 1_000, msMax = 60_000 }: { firstMs?: number; msMax?: number } = {}) {
    this.#firstMs = firstMs;
    this.#msMax = msMax;
    this.#nextMs = firstMs;
  }

  /** How long to wait after this failure. */
  next(): number {
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(waitMs * 2, this.#msMax);
    return waitMs;
  }

  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}
