import { handInReport } from './hand-in-report.js';
import { MetricsLoop } from './metrics-loop.js';

export interface EnvironmentPlan {
  /** Who shares it; the last one that lets go cleans up. */
  readonly holders: number;
  /** The collector will not answer it. */
  readonly stall: boolean;
}

export interface EnvironmentParts {
  readonly collectorPath: string;
  /** How long the collector may take. @defaultValue for ever */
  readonly reportTimeoutMs?: number;
  /** @defaultValue the loop ends with the environment */
  readonly keepsMetricsLoop?: boolean;
  /** How many metrics loops run. */
  readonly loops: { count: number };
  readonly report: (error: unknown) => void;
}

const stateWords = 512;

/** A guard that knows its environment, which knows its guards: a cycle that nobody has to break. */
class HolderGuard {
  constructor(
    readonly environment: Environment,
    readonly state: Float64Array = new Float64Array(stateWords),
  ) {}
}

/** What several holders share. */
export class Environment {
  readonly #guards: HolderGuard[];
  readonly #metrics = new MetricsLoop();
  readonly #parts: EnvironmentParts;
  readonly #stall: boolean;
  #holders: number;

  constructor(
    readonly id: number,
    { holders, stall }: EnvironmentPlan,
    parts: EnvironmentParts,
  ) {
    this.#holders = holders;
    this.#stall = stall;
    this.#parts = parts;
    this.#guards = Array.from({ length: holders }, () => new HolderGuard(this));
    parts.loops.count += 1;
  }

  get guards(): number {
    return this.#guards.length;
  }

  /** @returns whether that was the last holder */
  release(): boolean {
    this.#holders -= 1;
    return this.#holders === 0;
  }

  /** Hands in its figures, and ends with or without the receipt: what fails is reported, never thrown. */
  async cleanUp(): Promise<void> {
    const { collectorPath, reportTimeoutMs, keepsMetricsLoop = false, loops, report } = this.#parts;
    if (!keepsMetricsLoop) {
      this.#metrics.stop();
      loops.count -= 1;
    }
    const giveUp = new AbortController();
    const timer = reportTimeoutMs === undefined ? undefined : setTimeout(() => giveUp.abort(), reportTimeoutMs);
    try {
      const figures = { environment: this.id, samples: this.#metrics.samples, stall: this.#stall };
      await handInReport(collectorPath, figures, giveUp.signal);
    } catch (error) {
      report(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
