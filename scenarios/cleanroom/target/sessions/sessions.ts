import { ServiceError } from '../../../service/service-error.js';
import type { CleanupTracker } from '../guards/cleanup-tracker.js';
import { Session, type SessionParts } from './session.js';

export interface SessionsParts extends SessionParts {
  readonly tracker: CleanupTracker;
  /** Ending a session does not wait until its containers have ended. */
  readonly detached: boolean;
}

export interface SessionPlan {
  readonly containers: number;
  readonly stubborn: boolean;
}

/** Sessions that this process holds. */
export class Sessions {
  readonly #sessions = new Map<number, Session>();
  readonly #parts: SessionsParts;
  #nextId = 1;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#sessions.size;
  }

  async open({ containers, stubborn }: SessionPlan): Promise<{ id: number }> {
    const id = this.#nextId++;
    const session = new Session(`session-${id}`, this.#parts);
    this.#sessions.set(id, session);
    for (let started = 0; started < containers; started += 1) await session.start({ stubborn });
    return { id };
  }

  async describe(id: number): Promise<{ running: number }> {
    return { running: await this.#find(id).countRunning() };
  }

  async end(id: number): Promise<void> {
    const session = this.#find(id);
    this.#sessions.delete(id);
    const ended = session[Symbol.asyncDispose]();
    if (this.#parts.detached) void ended.catch(() => undefined);
    else await this.#parts.tracker.track(ended);
  }

  #find(id: number): Session {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new ServiceError(404, `session ${id}: not open`);
    return session;
  }
}
