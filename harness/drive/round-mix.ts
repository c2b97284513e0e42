import { type Random, randomInteger, seededRandom } from '../platform/random.js';
import type { RoundPlan } from './driver.js';

/** What a mix draws from. */
interface Weighed {
  readonly operation: { readonly name: string; readonly weight: number; readonly isDisturbed?: boolean };
}

/**
 * Draws the operations of a round one by one. The mix differs from round to round (each weight times 0.5 to 1.5),
 * so that growth can be distinguished by operation.
 */
export function drawMix<State extends Weighed>(
  all: readonly State[],
  { cycles, seed, round, part, favoured }: Pick<RoundPlan, 'cycles' | 'seed' | 'round' | 'part' | 'favoured'>,
): { next(): State | undefined } {
  const random: Random = seededRandom(seed, 'mix', round);
  const states = part === undefined ? all : all.filter(({ operation }) => part.operations.includes(operation.name));
  let left = cycles;
  if (states.length === 1) return { next: () => (left-- > 0 ? states[0] : undefined) };
  // A fault is rare, and must stand out all the same: in some rounds there is none of it, in some twice as much.
  const weights = states.map(
    ({ operation: { weight, isDisturbed } }) => weight * (isDisturbed ? 2 * random() : 0.5 + random()),
  );
  const isFavoured = states.map(({ operation }) => favoured?.includes(operation.name) ?? false);
  const sumOf = (wanted: boolean) =>
    weights.reduce((sum, weight, index) => (isFavoured[index] === wanted ? sum + weight : sum), 0);
  const scale = sumOf(false) / sumOf(true) || 1;
  let total = 0;
  const upTo = weights.map((weight, index) => {
    total += isFavoured[index] ? scale * weight : weight;
    return total;
  });
  return {
    next() {
      if (left-- <= 0) return undefined;
      const drawn = random() * total;
      return states[upTo.findIndex((share) => drawn < share)] ?? states.at(-1);
    },
  };
}

/** Cycles of one round: between half and one and a half times the mean, so that per-cycle, per-round and per-time growth can be distinguished. */
export function roundSize(meanCycles: number, seed: number, round: number): number {
  const low = Math.max(1, Math.ceil(meanCycles / 2));
  return randomInteger(seededRandom(seed, 'size', round), low, Math.max(low, Math.floor(meanCycles * 1.5)));
}
