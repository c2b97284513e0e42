import { betaQuantile } from './special-functions.js';

/**
 * Exact two-sided interval of a proportion (Clopper and Pearson 1934).
 * @returns bounds in [0, 1]; 0 of n at 95 % gives [0, 1 - 0.025^(1/n)]
 */
export function clopperPearson(
  successes: number,
  trials: number,
  confidence: number,
): { readonly low: number; readonly high: number } {
  const tail = (1 - confidence) / 2;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    high: successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
  };
}

/**
 * One-sided bounds of a proportion at an error rate of `alpha` each: the upper one of 0 in n at 5 % is about 3/n,
 * the rule of three.
 */
export function proportionBounds(
  successes: number,
  trials: number,
  alpha: number,
): { readonly low: number; readonly high: number } {
  return clopperPearson(successes, trials, 1 - 2 * alpha);
}
