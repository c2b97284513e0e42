import type { Trend } from './trend.js';

/** A series' trend with the bounds that its channel puts on the slopes of its windows. */
export interface SlopeWindows {
  readonly trend: Trend;
  /** One-sided bounds at an error rate of `alpha` each. */
  bounds(window: 'whole' | 'late', alpha: number): { readonly low: number; readonly high: number };
  /** Drift that the series' own noise hides; nothing is certified better than this. */
  readonly restlessness: number;
}

/** Evidence for one look: bounds for calling a leak, and those that a plateau needs. */
export function evidenceOf(windows: SlopeWindows, rates: { readonly leak: number; readonly plateau: number }) {
  const whole = windows.bounds('whole', rates.leak);
  const late = windows.bounds('late', rates.leak);
  return {
    low: { whole: whole.low, late: late.low },
    high: { whole: whole.high, late: late.high },
    cap: {
      whole: windows.bounds('whole', rates.plateau / 2).high,
      late: windows.bounds('late', rates.plateau / 2).high,
    },
    restlessness: windows.restlessness,
  };
}
