import { ServiceError } from '../../../service/service-error.js';
import type { EventHub } from './event-hub.js';
import type { EventStream } from './event-stream.js';

/** Streams that are opened together and dropped together, in one go. */
export class StreamGroups {
  readonly #groups = new Map<number, readonly EventStream[]>();
  readonly #hub: EventHub;
  #nextId = 1;

  constructor(hub: EventHub) {
    this.#hub = hub;
  }

  open(count: number): { id: number } {
    const id = this.#nextId++;
    this.#groups.set(
      id,
      Array.from({ length: count }, () => this.#hub.subscribe()),
    );
    return { id };
  }

  /** @param restart ends the hub's actor while the notices are on their way */
  drop(id: number, { restart }: { readonly restart: boolean }): void {
    const streams = this.#groups.get(id);
    if (streams === undefined) throw new ServiceError(404, `streams ${id}: not open`);
    this.#groups.delete(id);
    for (const stream of streams) stream.drop();
    if (restart) this.#hub.restart();
  }
}
