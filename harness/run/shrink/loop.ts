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
  return withOperations(source, kept, concurrency);
}

export interface InputBlock {
  readonly name: string;
  readonly inputs: readonly number[];
}

/** A loop with each of its operations once for each block of inputs, so that growth is attributed to a block. */
export function splitByInputs(source: DefinedScenario, loop: Loop, blocks: readonly InputBlock[]): DefinedScenario {
  const split = loop.operations.flatMap((name) => {
    const operation = source.scenario.operations[name]!;
    const weight = (operation.weight ?? 1) / blocks.length;
    return blocks.map((block) => [`${name} ${block.name}`, { ...operation, weight, inputs: block.inputs }] as const);
  });
  return withOperations(source, split, loop.concurrency);
}

function withOperations(
  source: DefinedScenario,
  operations: readonly (readonly [string, Scenario['operations'][string]])[],
  concurrency: number,
): DefinedScenario {
  const scenario: Scenario = { ...source.scenario, concurrency, operations: Object.fromEntries(operations) };
  return { ...source, scenario };
}

/** Inputs in at most so many blocks of about the same size. */
export function blocksOf(inputs: readonly number[], blocksMax: number): InputBlock[] {
  const count = Math.min(blocksMax, inputs.length);
  return Array.from({ length: count }, (_, block) => ({
    name: `#${block}`,
    inputs: inputs.slice(
      Math.round((block * inputs.length) / count),
      Math.round(((block + 1) * inputs.length) / count),
    ),
  }));
}

export function isSame(one: Loop, other: Loop): boolean {
  const key = ({ operations, inputs, concurrency }: Loop) =>
    JSON.stringify([operations.toSorted(), inputs, concurrency]);
  return key(one) === key(other);
}
