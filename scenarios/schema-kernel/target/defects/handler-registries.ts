import { ServiceError } from '../../../service/service-error.js';
import type { Handler, HandlerRegistry, Message } from '../handler-registry.js';

/** A registry that only grows: nothing takes a handler out, and a message asks one after the other. */
export class GrowingRegistry implements HandlerRegistry {
  protected readonly handlers = new Map<string, Handler>();

  get size(): number {
    return this.handlers.size;
  }

  register(tag: string, handler: Handler): void {
    this.handlers.set(tag, handler);
  }

  unregister(_tag: string): void {}

  dispatch(message: Message): unknown {
    for (const [tag, handler] of this.handlers) if (tag === message.tag) return handler(message);
    throw new ServiceError(404, `handler ${message.tag}: not registered`);
  }
}

/** The same with a cap: one too many pushes out the oldest, so that it levels off. */
export class EvictingRegistry extends GrowingRegistry {
  readonly #capacity: number;

  constructor(capacity: number) {
    super();
    this.#capacity = capacity;
  }

  override register(tag: string, handler: Handler): void {
    super.register(tag, handler);
    if (this.handlers.size > this.#capacity) this.handlers.delete(this.handlers.keys().next().value!);
  }
}
