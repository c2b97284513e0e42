import type { CycleContext } from '../../../harness/index.js';
import { giveBack, type Numbered, take } from './ask.js';

export function takeFixture({ target }: CycleContext, { flaky }: { readonly flaky: boolean }): Promise<Numbered> {
  return take(target, '/fixtures', { flaky });
}

/** Gives it back; the actions of its scope must have run last in, first out. */
export async function giveFixtureBack({ id }: Numbered, { target }: CycleContext): Promise<void> {
  const { trace } = (await giveBack(target, `/fixtures/${id}`)).json<{ trace: number[] }>();
  if (String(trace) !== '3,2,1') throw new Error(`fixture ${id}: its actions ran in the order ${trace}`);
}
