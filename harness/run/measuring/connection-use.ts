import { usesEveryMs } from '../../analyse/next/resting.js';
import type { Driver } from '../../drive/driver.js';
import type { MetricValues } from '../../model/agent-protocol.js';
import type { RunParameters } from '../../model/run-log.js';
import type { Recorder } from './recorder.js';
import { roundPlan } from './round-plan.js';

/** What does not answer is not waited for longer. */
const useMsMax = 10_000;

interface ConnectionUseParts {
  readonly session: { readonly driver: Driver };
  readonly parameters: RunParameters;
  readonly seed: number;
  readonly recorder: Pick<Recorder, 'elapsedMs' | 'round' | 'addRound'>;
}

/**
 * Uses connections of the load while the target rests. In production they are never idle. Idle ones would be closed after
 * some seconds, and what their requests have left behind would go with them.
 */
export class ConnectionUse {
  private lastUsedMs = 0;

  constructor(private readonly parts: ConnectionUseParts) {}

  noteDriven(): void {
    this.lastUsedMs = this.parts.recorder.elapsedMs;
  }

  /**
   * One cycle for each connection, if none was driven for a while.
   * @param cyclesPerSecond of the target when it was driven
   */
  async use(cyclesPerSecond: number, lastFloor: MetricValues): Promise<void> {
    const { session, parameters, seed, recorder } = this.parts;
    const { concurrency } = parameters;
    const everyMs = usesEveryMs(concurrency, cyclesPerSecond);
    if (!this.areOpen(lastFloor) || recorder.elapsedMs - this.lastUsedMs < everyMs) return;
    // Of an odd number of connections, more stay open in an odd round.
    const plan = roundPlan({ parameters, seed }, recorder.round | 1, concurrency);
    recorder.addRound(await session.driver.round({ ...plan, maxMs: useMsMax }));
    this.noteDriven();
  }

  /** A function that is soaked in the target has its connections there: they are descriptors of it. */
  private areOpen(lastFloor: MetricValues): boolean {
    return this.parts.session.driver.staysConnected?.() ?? (lastFloor['fds.tcp'] ?? 0) > 0;
  }
}
