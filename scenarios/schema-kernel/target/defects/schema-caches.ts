import type { ValidateFunction } from 'ajv';
import type { SchemaCache } from '../schema-cache.js';

/** Built without the cache: every call compiles. */
export class NoSchemaCache implements SchemaCache {
  readonly size = 0;

  get(_hash: string, compile: () => ValidateFunction): ValidateFunction {
    return compile();
  }
}

/** "Bounded by the number of distinct schemas", which nobody bounds. */
export class UnboundedSchemaCache implements SchemaCache {
  protected readonly validators = new Map<string, ValidateFunction>();

  get size(): number {
    return this.validators.size;
  }

  get(hash: string, compile: () => ValidateFunction): ValidateFunction | Promise<ValidateFunction> {
    const validator = this.validators.get(hash) ?? compile();
    this.validators.set(hash, validator);
    return validator;
  }
}

/** Called LRU, but pushes out whichever entry comes first in an order of its own, and a hit does not count as a use. */
export class ArbitraryEvictionCache extends UnboundedSchemaCache {
  readonly #capacity: number;

  constructor(capacity: number) {
    super();
    this.#capacity = capacity;
  }

  override get(hash: string, compile: () => ValidateFunction): ValidateFunction | Promise<ValidateFunction> {
    const validator = super.get(hash, compile);
    if (this.validators.size > this.#capacity) this.validators.delete(this.#victim(hash));
    return validator;
  }

  /** Any but the newest; a hash is as good as a die. */
  #victim(hash: string): string {
    const others = [...this.validators.keys()].slice(0, this.#capacity);
    const sum = [...hash].reduce((total, letter) => total * 31 + letter.charCodeAt(0), 7);
    return others[sum % others.length]!;
  }
}

/** Evicts under a lock that the caller holds already: the first eviction waits for itself, and all others for it. */
export class DeadlockingCache extends UnboundedSchemaCache {
  readonly #capacity: number;
  #lock: Promise<unknown> = Promise.resolve();

  constructor(capacity: number) {
    super();
    this.#capacity = capacity;
  }

  override get(hash: string, compile: () => ValidateFunction): Promise<ValidateFunction> {
    return this.#exclusively(async () => {
      if (!this.validators.has(hash) && this.validators.size >= this.#capacity) await this.#evict();
      return super.get(hash, compile);
    });
  }

  #evict(): Promise<void> {
    return this.#exclusively(() => {
      this.validators.delete(this.validators.keys().next().value!);
    });
  }

  #exclusively<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const turn = this.#lock.then(work);
    this.#lock = turn.catch(() => {});
    return turn;
  }
}
