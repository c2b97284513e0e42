import { createHash } from 'node:crypto';
import type { AnySchema, ValidateFunction } from 'ajv';
import { ServiceError } from '../../service/service-error.js';
import type { SchemaCache } from './schema-cache.js';

export interface Manifest {
  readonly name: string;
  /** JSON Schema (draft-07) of the arguments, as text. */
  readonly schema: string;
}

export type CompileSchema = (schema: AnySchema) => ValidateFunction;

export interface CallOutcome {
  readonly valid: boolean;
  readonly errors: readonly string[];
}

interface Tool {
  readonly name: string;
  readonly schema: string;
}

/** Tools by id. A tool holds the text of its schema; validators belong to the cache. */
export class ToolCatalogue {
  readonly #tools = new Map<number, Tool>();
  readonly #cache: SchemaCache;
  readonly #compile: CompileSchema;
  #nextId = 1;
  #compilations = 0;

  constructor(cache: SchemaCache, compile: CompileSchema) {
    this.#cache = cache;
    this.#compile = compile;
  }

  get size(): number {
    return this.#tools.size;
  }

  get compilations(): number {
    return this.#compilations;
  }

  /** @returns the tool's id, and whether its schema had to be compiled */
  async register(manifest: Manifest): Promise<{ id: number; compiled: boolean }> {
    const before = this.#compilations;
    await this.#validator(manifest.schema);
    const id = this.#nextId++;
    this.#tools.set(id, manifest);
    return { id, compiled: this.#compilations > before };
  }

  /** Whether the arguments fit the tool's schema. */
  async call(id: number, value: unknown): Promise<CallOutcome> {
    const tool = this.#tools.get(id);
    if (tool === undefined) throw new ServiceError(404, `tool ${id}: not registered`);
    const validate = await this.#validator(tool.schema);
    const valid = validate(value) === true;
    return { valid, errors: (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`) };
  }

  remove(id: number): void {
    if (!this.#tools.delete(id)) throw new ServiceError(404, `tool ${id}: not registered`);
  }

  #validator(schema: string): ValidateFunction | Promise<ValidateFunction> {
    const hash = createHash('sha256').update(schema).digest('base64url');
    return this.#cache.get(hash, () => {
      this.#compilations += 1;
      return this.#compile(parseSchema(schema));
    });
  }
}

function parseSchema(text: string): AnySchema {
  try {
    return JSON.parse(text) as AnySchema;
  } catch {
    throw new ServiceError(400, 'schema: expected JSON');
  }
}
