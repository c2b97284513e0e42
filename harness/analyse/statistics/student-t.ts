import { betaQuantile, incompleteBeta } from './special-functions.js';

/** P(T <= t) for Student's t with `degrees` > 0 degrees of freedom. */
export function studentDistribution(t: number, degrees: number): number {
  const tail = 0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

const quantiles = new Map<string, number>();

/**
 * Quantile of Student's t: `studentQuantile(0.975, 10)` is 2.228.
 * @param probability in (0, 1)
 * @param degrees degrees of freedom, > 0; at least 1e6 means the normal distribution to seven digits
 */
export function studentQuantile(probability: number, degrees: number): number {
  if (probability === 0.5) return 0;
  const tail = Math.min(probability, 1 - probability);
  const key = `${tail}/${degrees}`;
  let magnitude = quantiles.get(key);
  if (magnitude === undefined) {
    const ratio = betaQuantile(2 * tail, degrees / 2, 0.5);
    magnitude = Math.sqrt(degrees * (1 / ratio - 1));
    if (quantiles.size < 4096) quantiles.set(key, magnitude);
  }
  return probability < 0.5 ? -magnitude : magnitude;
}
