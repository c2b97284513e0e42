import type { RoundPart, RoundPlan } from '../../drive/driver.js';
import type { Manifest } from '../../model/run-log.js';

/** A round of so many cycles, under the load that the run was asked for, or of a part of it. */
export function roundPlan(
  { parameters, seed }: Pick<Manifest, 'parameters' | 'seed'>,
  round: number,
  cycles: number,
  part?: RoundPart,
): RoundPlan {
  const { concurrency, ratePerSecond } = parameters;
  return {
    round,
    cycles,
    concurrency,
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    seed,
    ...(part && { part }),
  };
}
