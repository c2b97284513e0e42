import type { DefectName } from '../defects/names.js';

/** What a runner does; its only argument, as JSON. */
export interface RunnerPlan {
  readonly runId: string;
  readonly serviceId: string;
  readonly directory: string;
  readonly registryPath: string;
  readonly containers: number;
  readonly guards: number;
  /** `end`: when all is set up, it is done; `crash`: it throws what nobody catches; `wait`: until it is ended. */
  readonly ending: 'end' | 'crash' | 'wait';
  readonly defects: readonly DefectName[];
}
