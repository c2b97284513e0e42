/** An answer as it is sent, so that its size is known and not guessed. */
export interface CachedAnswer {
  readonly bytes: Buffer;
  readonly rows: readonly (readonly unknown[])[];
}

/** How many bytes an answer is taken to occupy. */
export type MeasureAnswer = (answer: CachedAnswer) => number;

export const measureBytes: MeasureAnswer = ({ bytes }) => bytes.length;

export interface QueryCacheLimits {
  readonly entries: number;
  readonly bytes: number;
}

interface Entry {
  readonly bytes: Buffer;
  readonly claimedBytes: number;
}

/** Answers by query, those used last; at most so many, and so many bytes. */
export class QueryCache {
  readonly #entries = new Map<string, Entry>();
  readonly #limits: QueryCacheLimits;
  readonly #measure: MeasureAnswer;
  #claimedBytes = 0;

  constructor(limits: QueryCacheLimits, measure: MeasureAnswer) {
    this.#limits = limits;
    this.#measure = measure;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What the cache believes to hold. */
  get claimedBytes(): number {
    return this.#claimedBytes;
  }

  /** What it holds. */
  get heldBytes(): number {
    let heldBytes = 0;
    for (const { bytes } of this.#entries.values()) heldBytes += bytes.length;
    return heldBytes;
  }

  get(query: string): Buffer | undefined {
    const entry = this.#entries.get(query);
    if (entry === undefined) return undefined;
    this.#entries.delete(query);
    this.#entries.set(query, entry);
    return entry.bytes;
  }

  put(query: string, answer: CachedAnswer): void {
    this.#drop(query);
    const claimedBytes = this.#measure(answer);
    if (claimedBytes > this.#limits.bytes) return;
    this.#entries.set(query, { bytes: answer.bytes, claimedBytes });
    this.#claimedBytes += claimedBytes;
    while (this.#entries.size > this.#limits.entries || this.#claimedBytes > this.#limits.bytes) {
      this.#drop(this.#entries.keys().next().value!);
    }
  }

  #drop(query: string): void {
    const entry = this.#entries.get(query);
    if (entry === undefined) return;
    this.#entries.delete(query);
    this.#claimedBytes -= entry.claimedBytes;
  }
}
