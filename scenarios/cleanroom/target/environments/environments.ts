import { ServiceError } from '../../../service/service-error.js';
import { Environment, type EnvironmentParts, type EnvironmentPlan } from './environment.js';

/** Environments by id. One that has been let go counts until it has cleaned up. */
export class Environments {
  readonly #held = new Map<number, Environment>();
  readonly #alive = new Set<Environment>();
  readonly #parts: EnvironmentParts;
  #nextId = 1;

  constructor(parts: EnvironmentParts) {
    this.#parts = parts;
  }

  get alive(): number {
    return this.#alive.size;
  }

  get metricsLoops(): number {
    return this.#parts.loops.count;
  }

  create(plan: EnvironmentPlan): { id: number; holders: number } {
    const id = this.#nextId++;
    const environment = new Environment(id, plan, this.#parts);
    this.#held.set(id, environment);
    this.#alive.add(environment);
    return { id, holders: environment.guards };
  }

  /** One holder lets go. Who waits for a collector without a time limit would never be answered, so nobody does. */
  async release(id: number): Promise<{ last: boolean }> {
    const environment = this.#held.get(id);
    if (environment === undefined) throw new ServiceError(404, `environment ${id}: nobody holds it`);
    if (!environment.release()) return { last: false };
    this.#held.delete(id);
    const cleaned = environment.cleanUp().then(() => void this.#alive.delete(environment));
    if (this.#parts.reportTimeoutMs !== undefined) await cleaned;
    return { last: true };
  }
}
