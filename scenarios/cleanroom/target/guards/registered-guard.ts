import type { RegistryClient } from '../registry/registry-client.js';
import type { Release } from './release.js';
import { ScopeGuard } from './scope-guard.js';

export interface RegisteredGuardParts {
  readonly registry: RegistryClient;
  readonly release: Release;
  readonly report: (error: unknown) => void;
}

/** A guard whose name stands in the registry as long as it lives. */
export class RegisteredGuard extends ScopeGuard implements AsyncDisposable {
  readonly #name: string;
  readonly #parts: RegisteredGuardParts;

  private constructor(name: string, parts: RegisteredGuardParts) {
    super(parts.report);
    this.#name = name;
    this.#parts = parts;
  }

  static async take(
    name: string,
    parts: RegisteredGuardParts,
    options: { readonly flaky?: boolean } = {},
  ): Promise<RegisteredGuard> {
    await parts.registry.register(name, options);
    return new RegisteredGuard(name, parts);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    await this.#parts.release(() => this.#parts.registry.unregister(this.#name));
  }
}
