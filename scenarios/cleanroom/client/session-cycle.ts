import type { CycleContext } from '../../../harness/index.js';
import { giveBack, type Numbered, take } from './ask.js';

/** A session with containers that are up. */
export function openSession(
  { target }: Pick<CycleContext, 'target'>,
  plan: { readonly containers: number; readonly stubborn?: boolean },
): Promise<Numbered> {
  return take(target, '/sessions', plan);
}

export async function endSession({ id }: Numbered, { target }: Pick<CycleContext, 'target'>): Promise<void> {
  await giveBack(target, `/sessions/${id}`);
}

export async function countRunning({ id }: Numbered, { target }: Pick<CycleContext, 'target'>): Promise<number> {
  return (await target.http.get(`/sessions/${id}`)).json<{ running: number }>().running;
}
