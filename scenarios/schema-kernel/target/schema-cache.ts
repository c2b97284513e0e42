import type { ValidateFunction } from 'ajv';

/** Compiled schemas by the hash of their text. */
export interface SchemaCache {
  readonly size: number;
  /** The validator of a text, compiled by `compile` unless it is at hand. */
  get(hash: string, compile: () => ValidateFunction): ValidateFunction | Promise<ValidateFunction>;
}

/** Keeps the `capacity` validators used last. */
export class LruSchemaCache implements SchemaCache {
  /** Least recently used first: a Map iterates in insertion order. */
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#validators.size;
  }

  get(hash: string, compile: () => ValidateFunction): ValidateFunction {
    const validator = this.#validators.get(hash) ?? compile();
    this.#validators.delete(hash);
    this.#validators.set(hash, validator);
    if (this.#validators.size > this.#capacity) this.#validators.delete(this.#validators.keys().next().value!);
    return validator;
  }
}
