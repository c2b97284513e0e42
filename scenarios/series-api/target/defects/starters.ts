import { type BackgroundService, IndependentStarter, type ServiceStarter } from '../background/background-service.js';
import type { Defects } from './names.js';

/** The first failure ends the start; what had been started by then is nobody's any more. */
class AbortingStarter extends IndependentStarter {
  override async start(services: readonly BackgroundService[]): Promise<Record<string, string>> {
    for (const service of services) await service.start();
    this.started.push(...services);
    return {};
  }
}

/** A failure at start ends the process, whatever else it was there for. */
class ExitingStarter extends IndependentStarter {
  override async start(services: readonly BackgroundService[]): Promise<Record<string, string>> {
    const failed = await super.start(services);
    if (Object.keys(failed).length > 0) process.exit(1);
    return failed;
  }
}

export function createStarter(defects: Defects): ServiceStarter {
  if (defects.has('aborted-start')) return new AbortingStarter();
  if (defects.has('exit-on-failed-start')) return new ExitingStarter();
  return new IndependentStarter();
}
