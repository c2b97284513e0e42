import type { Container, ContainerRuntime } from './container-runtime.js';

/** How a container is brought to its end, with what belongs to it. */
export type StopContainer = (runtime: ContainerRuntime, container: Container) => Promise<void>;

const graceMs = 20;
const killedMs = 5_000;

/**
 * Asks, waits, ends by force what did not listen, and makes sure.
 * @throws {Error} when it is still there after that
 */
export const stopVerified: StopContainer = async (runtime, container) => {
  await runtime.signal(container, 'SIGTERM');
  if (!(await runtime.gone(container, graceMs))) {
    await runtime.signal(container, 'SIGKILL');
    if (!(await runtime.gone(container, killedMs))) throw new Error(`container ${container.id}: cannot be ended`);
  }
  await runtime.removeLeftovers(container);
};
