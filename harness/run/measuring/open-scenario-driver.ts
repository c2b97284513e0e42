import type { Driver } from '../../drive/driver.js';
import { createScenarioDriver, type ScenarioDriverOptions } from '../../drive/scenario-driver.js';
import type { RunParameters } from '../../model/run-log.js';
import type { ScenarioTarget } from '../../model/scenario.js';
import type { RunningTarget } from '../../model/target.js';
import { systemClock } from '../../platform/clock.js';
import type { CleanUp } from './clean-up.js';
import { httpClientOf, scenarioTarget } from './scenario-target.js';

/** What was made for the scenario before its target was started. */
export interface DriverParts extends Pick<ScenarioDriverOptions, 'requests' | 'setupValues' | 'upstreams'> {
  readonly services: ScenarioTarget['services'];
}

interface ScenarioPlan
  extends Omit<ScenarioDriverOptions, 'target' | 'http' | 'firstCycle' | 'concurrency' | 'clock'>,
    DriverParts {
  readonly name: string;
  readonly parameters: RunParameters;
  readonly attachedFirstCycle?: number;
}

/** The driver of a scenario whose operations run here; what it opens is closed by `cleanUp`. */
export async function openScenarioDriver(
  { name, services, parameters, attachedFirstCycle, ...options }: ScenarioPlan,
  target: RunningTarget,
  cleanUp: CleanUp,
): Promise<Driver> {
  const http = await httpClientOf(target, options.scenario, parameters.concurrency);
  cleanUp.push(() => http.close());
  const driver = createScenarioDriver({
    ...options,
    concurrency: parameters.concurrency,
    target: scenarioTarget(target, name, http, services),
    http,
    ...(!target.isStarted && attachedFirstCycle !== undefined && { firstCycle: attachedFirstCycle }),
    clock: systemClock,
  });
  cleanUp.push(async () => driver.close?.());
  return driver;
}
