import type { CycleContext } from '../../../harness/index.js';
import { giveBack, type Numbered, take } from './ask.js';

export interface RunnerPlan {
  readonly ending: 'end' | 'crash' | 'wait';
  readonly containers: number;
  readonly guards: number;
}

/** A process of its own that has taken its containers and guards. */
export function startRunner({ target }: CycleContext, plan: RunnerPlan): Promise<Numbered> {
  return take(target, '/runners', plan);
}

/** Waits until the process has ended, by itself or by SIGTERM. */
export async function endRunner({ id }: Numbered, { target }: CycleContext, terminate = false): Promise<void> {
  await giveBack(target, `/runners/${id}?terminate=${terminate}`);
}
