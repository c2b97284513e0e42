import { stat } from 'node:fs/promises';
import { ServiceError } from '../../../service/service-error.js';
import type { Monitor, MonitorParts } from './monitor.js';

const intervalMs = 1_000;

/** Health monitors by id; each looks whether the directory of the cleanroom is still there. */
export class Monitors {
  readonly #monitors = new Map<number, Monitor>();
  readonly #armed = { count: 0 };
  readonly #start: (parts: MonitorParts) => Monitor;
  readonly #directory: string;
  #nextId = 1;

  constructor(start: (parts: MonitorParts) => Monitor, directory: string) {
    this.#start = start;
    this.#directory = directory;
  }

  /** Timers that are armed, whether or not anybody still wants to know. */
  get armed(): number {
    return this.#armed.count;
  }

  start(): { id: number } {
    const id = this.#nextId++;
    const probe = async () => void (await stat(this.#directory));
    this.#monitors.set(id, this.#start({ intervalMs, probe, armed: this.#armed }));
    return { id };
  }

  async stop(id: number): Promise<void> {
    const monitor = this.#monitors.get(id);
    if (monitor === undefined) throw new ServiceError(404, `monitor ${id}: not started`);
    this.#monitors.delete(id);
    await monitor.stop();
  }
}
