import type { StopContainer } from '../containers/stop-container.js';

/** Stops a container, and leaves its volume and its network where they are. */
export const stopOnly: StopContainer = async (runtime, container) => {
  await runtime.signal(container, 'SIGKILL');
  await runtime.gone(container, 1_000);
};
