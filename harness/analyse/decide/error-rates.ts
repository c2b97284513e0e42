/** Error rates of one test. */
export interface ErrorRates {
  /** One-sided, for calling a leak. */
  readonly leak: number;
  /** One-sided, for calling a plateau. */
  readonly plateau: number;
}

/**
 * Error rates of one metric at one look, so that the whole run stays within its confidence. The error is spent over looks
 * as 3/((k+2)(k+3)), which sums to 1 over any number of looks (alpha spending: Lan and DeMets, Biometrika 70, 1983), and
 * is shared equally by the metrics that can decide the verdict (Bonferroni).
 * @param confidence of the whole run, all metrics and looks together
 * @param decisiveMetrics how many metrics can decide the verdict
 * @param look 1 for the first look at the run
 */
export function errorRates(confidence: number, decisiveMetrics: number, look: number): ErrorRates {
  const error = ((1 - confidence) * 3) / ((look + 2) * (look + 3));
  return { leak: error / Math.max(1, decisiveMetrics), plateau: error };
}
