import type { BackOff } from './back-off.js';
import type { Probe } from './probe.js';

export interface MonitorParts {
  readonly intervalMs: number;
  readonly probe: Probe;
  /** How long to wait after a failure. */
  readonly backOff: Pick<BackOff, 'next' | 'reset'>;
  /** Resolves after the time, or when the signal is aborted. */
  readonly wait: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

/** Checks one dependency until it is stopped. */
export class Monitor {
  readonly #url: string;
  readonly #parts: MonitorParts;
  readonly #stopped = new AbortController();
  #checks = 0;
  #healthy = false;
  #announceFirst!: () => void;

  /** Settles when the first check has an outcome. */
  readonly firstOutcome = new Promise<void>((resolve) => {
    this.#announceFirst = resolve;
  });

  constructor(url: string, parts: MonitorParts) {
    this.#url = url;
    this.#parts = parts;
    void this.#check();
  }

  get healthy(): boolean {
    return this.#healthy;
  }

  get checks(): number {
    return this.#checks;
  }

  /** Ends a check under way, too. */
  stop(): void {
    this.#stopped.abort();
  }

  async #check(): Promise<void> {
    const { signal } = this.#stopped;
    const { intervalMs, probe, backOff, wait } = this.#parts;
    while (!signal.aborted) {
      let pauseMs = intervalMs;
      try {
        await probe(this.#url, signal);
        this.#healthy = true;
        backOff.reset();
      } catch {
        this.#healthy = false;
        pauseMs = backOff.next();
      }
      this.#checks += 1;
      this.#announceFirst();
      if (pauseMs > 0) await wait(pauseMs, signal);
    }
  }
}
