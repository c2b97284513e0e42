import { ServiceError } from '../../../service/service-error.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { RegisteredGuard } from './registered-guard.js';
import type { Release } from './release.js';
import { ScopeGuard } from './scope-guard.js';

/** The three guards of a container that is under test. */
export const guardKinds = ['container', 'health', 'resource'] as const;
export type GuardKind = (typeof guardKinds)[number];

interface Fixture {
  readonly scope: ScopeGuard;
  readonly guards: readonly RegisteredGuard[];
  /** What the actions of the scope left, in their order. */
  readonly trace: number[];
}

export interface FixturesParts {
  readonly registry: RegistryClient;
  readonly releases: Readonly<Record<GuardKind, Release>>;
  readonly report: (error: unknown) => void;
}

const actionsPerScope = 3;

/** What a test takes before it begins and gives back when it ends. */
export class Fixtures {
  readonly #fixtures = new Map<number, Fixture>();
  readonly #parts: FixturesParts;
  #nextId = 1;

  constructor(parts: FixturesParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#fixtures.size;
  }

  /** @param flaky the registry is busy when the guards are given back */
  async take({ flaky }: { readonly flaky: boolean }): Promise<{ id: number }> {
    const id = this.#nextId++;
    const { registry, releases, report } = this.#parts;
    const trace: number[] = [];
    const scope = new ScopeGuard(report);
    for (let action = 1; action <= actionsPerScope; action += 1) scope.defer(() => void trace.push(action));
    const guards = await Promise.all(
      guardKinds.map((kind) =>
        RegisteredGuard.take(`${kind} ${id}`, { registry, release: releases[kind], report }, { flaky }),
      ),
    );
    this.#fixtures.set(id, { scope, guards, trace });
    return { id };
  }

  /** @returns what the actions of its scope left behind: last in, first out */
  async giveBack(id: number): Promise<{ trace: readonly number[] }> {
    const fixture = this.#fixtures.get(id);
    if (fixture === undefined) throw new ServiceError(404, `fixture ${id}: not taken`);
    this.#fixtures.delete(id);
    for (const guard of [...fixture.guards].reverse()) await guard[Symbol.asyncDispose]();
    fixture.scope[Symbol.dispose]();
    return { trace: fixture.trace };
  }
}
