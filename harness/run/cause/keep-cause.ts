import type { Attribution } from '../../model/run-log.js';
import { thrownMessage } from '../../model/thrown.js';
import type { RunStore } from '../../store/run-store.js';

/** Keeps what is found of a cause; that it could not be looked for is no reason to end a run. */
export async function keepCause(store: RunStore, find: () => Promise<Attribution | undefined>): Promise<void> {
  try {
    const found = await find();
    if (found !== undefined) store.writeAttribution(found);
  } catch (error) {
    const message = thrownMessage(error);
    store.writeEvent({ event: 'warning', message: `the cause could not be looked for: ${message}` });
  }
}
