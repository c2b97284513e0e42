import { ServiceError } from '../../service/service-error.js';

export interface Message {
  readonly tag: string;
  readonly payload: unknown;
}

/** Answers the messages of one tag. */
export type Handler = (message: Message) => unknown;

export interface HandlerRegistry {
  readonly size: number;
  register(tag: string, handler: Handler): void;
  unregister(tag: string): void;
  /** @throws {ServiceError} 404 when nobody handles the tag */
  dispatch(message: Message): unknown;
}

/** Handlers by tag, at most `capacity`: who registers one too many gets an error, nobody is pushed out. */
export class BoundedRegistry implements HandlerRegistry {
  readonly #handlers = new Map<string, Handler>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#handlers.size;
  }

  register(tag: string, handler: Handler): void {
    if (!this.#handlers.has(tag) && this.#handlers.size >= this.#capacity) {
      throw new ServiceError(429, `handlers: at most ${this.#capacity}`);
    }
    this.#handlers.set(tag, handler);
  }

  unregister(tag: string): void {
    this.#handlers.delete(tag);
  }

  dispatch(message: Message): unknown {
    const handler = this.#handlers.get(message.tag);
    if (handler === undefined) throw new ServiceError(404, `handler ${message.tag}: not registered`);
    return handler(message);
  }
}
