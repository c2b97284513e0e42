import { ServiceError } from '../../../service/service-error.js';
import { RegisteredGuard, type RegisteredGuardParts } from '../guards/registered-guard.js';
import { Gate } from './gate.js';
import type { Session } from './session.js';

/** How the work of a scope ends. */
export const scopeExits = ['end', 'early', 'throw'] as const;
export type ScopeExit = (typeof scopeExits)[number];

export interface ScopesParts extends RegisteredGuardParts {
  readonly createSession: (runId: string) => Session;
}

interface Scope {
  readonly exit: Gate<ScopeExit>;
  readonly work: Promise<ScopeExit>;
}

/** Work between an entry and an exit, with a container and a name that are given back whichever way it goes. */
export class Scopes {
  readonly #scopes = new Map<number, Scope>();
  readonly #parts: ScopesParts;
  #nextId = 1;

  constructor(parts: ScopesParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#scopes.size;
  }

  /**
   * @param faulty its settings turn out to be wrong when its container has been started
   * @throws {ServiceError} 422 when they do; everything has been given back
   */
  async enter({ faulty }: { readonly faulty: boolean }): Promise<{ id: number }> {
    const id = this.#nextId++;
    const entered = new Gate<void>();
    const exit = new Gate<ScopeExit>();
    const work = this.#work(id, { faulty, entered, exit });
    await Promise.race([entered.passed, work]);
    this.#scopes.set(id, { exit, work });
    return { id };
  }

  /** @returns how it was left, when everything has been given back */
  async leave(id: number, exit: ScopeExit): Promise<{ left: string }> {
    const scope = this.#scopes.get(id);
    if (scope === undefined) throw new ServiceError(404, `scope ${id}: not entered`);
    this.#scopes.delete(id);
    scope.exit.open(exit);
    return { left: await scope.work.catch((error: Error) => error.message) };
  }

  async #work(
    id: number,
    { faulty, entered, exit }: { faulty: boolean; entered: Gate<void>; exit: Gate<ScopeExit> },
  ): Promise<ScopeExit> {
    // Known to whoever gives it back before there is anything to give back.
    await using session = this.#parts.createSession(`scope-${id}`);
    await session.start({ check: () => assertSettings(faulty) });
    await using _guard = await RegisteredGuard.take(`scope ${id}`, this.#parts);
    entered.open();
    const way = await exit.passed;
    if (way === 'early') return way;
    if (way === 'throw') throw new Error('its work failed');
    return 'end';
  }
}

function assertSettings(faulty: boolean): void {
  if (faulty) throw new ServiceError(422, 'scope: its settings are wrong');
}
