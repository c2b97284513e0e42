/** Error rates of one test. */
export interface ErrorRates {
  /** One-sided, for calling a leak. */
  readonly leak: number;
  /** One-sided, for calling a plateau. */
  readonly plateau: number;
}

/** Looks that the error rate is shared out over: they see mostly the same samples. */
const looksBudgeted = 4;

/**
 * Error rates of one metric among several, under one budget for the run.
 * @param confidence of the whole run, all metrics and looks together
 * @param decisiveMetrics how many metrics can decide the verdict
 */
export function errorRates(confidence: number, decisiveMetrics: number): ErrorRates {
  const error = (1 - confidence) / looksBudgeted;
  // A leak must pass in two windows: their disjoint halves fail independently.
  return { leak: Math.sqrt(error / Math.max(1, decisiveMetrics)), plateau: error };
}
