import { invalidOption } from '../../model/errors.js';
import type { RunParameters } from '../../model/run-log.js';
import type { Scenario, TargetDefinition } from '../../model/scenario.js';
import { validateTarget } from '../../scenario/validate-target.js';
import type { SessionSource } from './session-source.js';

export interface VirtualTimePlan {
  readonly source: SessionSource;
  readonly defects: readonly string[];
  readonly parameters: RunParameters;
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a target whose clock cannot be moved on */
export function checkVirtualTime({ source, defects, parameters }: VirtualTimePlan): void {
  if (!parameters.virtualTime || source.kind !== 'definition') return;
  const target = targetOf(source.scenario, defects);
  if ('script' in target || 'command' in target) return;
  throw invalidOption(
    `--virtual-time: expected a Node script or a command that plateau starts, got another target in ${source.name}`,
    'Go and the stores keep the time of the kernel; leave --virtual-time out and let the target rest for longer',
  );
}

/** What a scenario wants to have started. @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` */
export function targetOf(scenario: Scenario, defects: readonly string[]): TargetDefinition {
  if (typeof scenario.target !== 'function') return scenario.target;
  const definition = scenario.target({ defects });
  validateTarget(definition, scenario.name);
  return definition;
}
