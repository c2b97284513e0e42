import type { Container, ContainerRuntime } from '../containers/container-runtime.js';
import { type StopContainer, stopVerified } from '../containers/stop-container.js';

/** What is still there when all was tried. */
export interface Survivors {
  readonly running: number;
}

export interface EmergencyPlan {
  /** Only containers of this run; `undefined`: whatever looks like a cleanroom's. */
  readonly runId: string | undefined;
  /** @defaultValue ends them for sure, and removes their volumes and networks */
  readonly stop?: StopContainer;
}

/** The last resort, for a run whose holder is gone: never throws, and leaves other runs alone. */
export async function emergencyCleanup(
  runtime: ContainerRuntime,
  { runId, stop = stopVerified }: EmergencyPlan,
  report: (error: unknown) => void,
): Promise<Survivors> {
  try {
    const containers: readonly Container[] = await runtime.list(runId);
    const ended = await Promise.allSettled(containers.map((container) => stop(runtime, container)));
    for (const outcome of ended) if (outcome.status === 'rejected') report(outcome.reason);
    return { running: (await runtime.list(runId)).length };
  } catch (error) {
    report(error);
    return { running: Number.NaN };
  }
}
