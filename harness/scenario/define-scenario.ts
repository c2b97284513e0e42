import { type Operation, type ScenarioDefinition, scenarioBrand } from '../model/scenario.js';

/**
 * Declares a scenario; the type of each operation's handle flows from `create` to `destroy`.
 * Checked when it is run, so that a mistake is reported with the field's name.
 */
export function defineScenario<Handles extends Record<string, unknown>>(
  definition: ScenarioDefinition<Handles>,
): ScenarioDefinition<Handles> {
  return Object.defineProperty({ ...definition }, scenarioBrand, { value: true });
}

/**
 * Declares one operation. TypeScript can infer the handle through it even where `create` takes its context
 * without a type annotation.
 */
export function operation<Handle>(definition: Operation<Handle>): Operation<Handle> {
  return definition;
}

export function isScenarioDefinition(value: unknown): value is ScenarioDefinition {
  return typeof value === 'object' && value !== null && scenarioBrand in value;
}
