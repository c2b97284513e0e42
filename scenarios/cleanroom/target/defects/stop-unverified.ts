import type { StopContainer } from '../containers/stop-container.js';

/** Asks, and takes for granted that it was heard. */
export const stopUnverified: StopContainer = async (runtime, container) => {
  await runtime.signal(container, 'SIGTERM');
  await runtime.removeLeftovers(container);
};
