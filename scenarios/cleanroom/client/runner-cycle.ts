import type { CycleContext } from '../../../harness/index.js';
import { giveBack, type Numbered, take } from './ask.js';

export interface RunnerPlan {
  readonly ending: 'end' | 'crash' | 'wait';
  readonly containers: number;
  readonly guards: number;
}

export interface Runner extends Numbered {
  readonly runId: string;
}

/** A process of its own that has taken its containers and guards. */
export async function startRunner({ target }: CycleContext, plan: RunnerPlan): Promise<Runner> {
  return (await take(target, '/runners', plan)) as Runner;
}

/** Waits until the process has ended, by a signal or by itself. */
export async function endRunner(
  { id }: Runner,
  { target }: CycleContext,
  signal?: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  await giveBack(target, `/runners/${id}${signal === undefined ? '' : `?signal=${signal}`}`);
}
