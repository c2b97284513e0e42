import type { Release } from '../guards/release.js';

/** Spawned and let go: an error, and the end of the process, are noticed by nobody. */
export const detachedRelease: Release = async (unregister) => {
  void unregister().catch(() => undefined);
};

/** "Cleaned up synchronously": it reports success, so that the way out after a failure is never taken either. */
export const emptyRelease: Release = async () => undefined;

/** Blocks until the clean-up is done, on the thread that would have to do it. */
export const blockingRelease: Release = async (unregister) => {
  const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  void unregister().finally(() => {
    Atomics.store(done, 0, 1);
    Atomics.notify(done, 0);
  });
  Atomics.wait(done, 0, 0);
};
