import type { Scenario } from '../model/scenario.js';
import { type Random, randomInteger } from '../platform/random.js';

export const defaultUniverse = 256;

/** A number of inputs, ever-new ones, or those that are listed. */
export type Inputs = number | 'fresh' | readonly number[];

/** What an operation draws its inputs from. */
export function inputsOf({ operations, universe = defaultUniverse }: Scenario, operation: string): Inputs {
  return operations[operation]!.inputs ?? universe;
}

/** The input of one cycle. */
export function inputOf(inputs: Inputs, random: Random, cycle: number): number {
  if (inputs === 'fresh') return cycle;
  if (typeof inputs === 'number') return randomInteger(random, 0, inputs - 1);
  return inputs[randomInteger(random, 0, inputs.length - 1)]!;
}
