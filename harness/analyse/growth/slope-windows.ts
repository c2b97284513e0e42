import type { Trend } from './trend.js';

/** A series' trend with the bounds that its channel puts on the slopes of its windows. */
export interface SlopeWindows {
  readonly trend: Trend;
  /** One-sided bounds at an error rate of `alpha` each. */
  bounds(window: 'whole' | 'late', alpha: number): { readonly low: number; readonly high: number };
  /** Drift that the series' own noise hides; nothing is certified better than this. */
  readonly restlessness: number;
}
