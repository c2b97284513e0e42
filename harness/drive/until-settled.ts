import type { Scenario, ScenarioTarget } from '../model/scenario.js';
import type { Clock } from '../platform/clock.js';

const defaultTimeoutMs = 10_000;
const pollMs = 10;

/** @returns false where what a scenario waits for before a floor did not come in time */
export async function untilSettled(
  scenario: Scenario,
  target: ScenarioTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const { until, timeoutMs = defaultTimeoutMs } = scenario.settle ?? {};
  if (until === undefined) return true;
  const startedMs = clock.monotonicMs();
  while (!(await until({ target }))) {
    if (signal.aborted || clock.monotonicMs() - startedMs > timeoutMs) return false;
    await clock.wait(pollMs, signal);
  }
  return true;
}
