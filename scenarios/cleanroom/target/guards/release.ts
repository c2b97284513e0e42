import { RegistryBusyError } from '../registry/registry-client.js';
import type { CleanupTracker } from './cleanup-tracker.js';

/** How a guard that is disposed of sees to it that its entry goes. */
export type Release = (unregister: () => Promise<void>) => Promise<void>;

const attempts = 5;

/** Waited for by who disposes, known to the tracker until it is done, and tried again while the registry is busy. */
export function trackedRelease(tracker: CleanupTracker): Release {
  return (unregister) => tracker.track(persist(unregister));
}

async function persist(unregister: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await unregister();
    } catch (error) {
      if (!(error instanceof RegistryBusyError) || attempt === attempts) throw error;
    }
  }
}
