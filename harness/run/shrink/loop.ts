import type { Scenario } from '../../model/scenario.js';
import type { Loop } from '../../model/shrink.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';

export type DefinedScenario = LoadedScenario & { readonly kind: 'definition' };

/** A scenario with a part of its operations, inputs and cycles at once. */
export function reducedTo(source: DefinedScenario, { operations, inputs, concurrency }: Loop): DefinedScenario {
  const kept = operations.map((name) => {
    const operation = source.scenario.operations[name]!;
    return [name, inputs === 'all' ? operation : { ...operation, inputs }] as const;
  });
  const scenario: Scenario = { ...source.scenario, concurrency, operations: Object.fromEntries(kept) };
  return { ...source, scenario };
}

export function isSame(one: Loop, other: Loop): boolean {
  const key = ({ operations, inputs, concurrency }: Loop) =>
    JSON.stringify([operations.toSorted(), inputs, concurrency]);
  return key(one) === key(other);
}
