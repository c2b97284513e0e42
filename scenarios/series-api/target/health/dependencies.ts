import { ServiceError } from '../../../service/service-error.js';
import { Monitor, type MonitorParts } from './monitor.js';

/** What the service needs of others, each watched by a monitor. */
export class Dependencies {
  readonly #monitors = new Map<number, Monitor>();
  readonly #createParts: () => MonitorParts;
  #nextId = 1;

  constructor(createParts: () => MonitorParts) {
    this.#createParts = createParts;
  }

  get size(): number {
    return this.#monitors.size;
  }

  get checks(): number {
    let checks = 0;
    for (const monitor of this.#monitors.values()) checks += monitor.checks;
    return checks;
  }

  watch(url: string): number {
    const id = this.#nextId++;
    this.#monitors.set(id, new Monitor(url, this.#createParts()));
    return id;
  }

  async outcome(id: number): Promise<{ healthy: boolean }> {
    const monitor = this.#find(id);
    await monitor.firstOutcome;
    return { healthy: monitor.healthy };
  }

  forget(id: number): void {
    this.#find(id).stop();
    this.#monitors.delete(id);
  }

  close(): void {
    for (const id of this.#monitors.keys()) this.forget(id);
  }

  #find(id: number): Monitor {
    const monitor = this.#monitors.get(id);
    if (monitor === undefined) throw new ServiceError(404, `dependency ${id}: not watched`);
    return monitor;
  }
}
