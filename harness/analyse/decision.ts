import type { Interval } from '../model/run-record.js';
import type { Shape } from '../model/verdict.js';
import type { LevelShift } from './level-shifts.js';

/** What one metric is judged to do at one look. */
export interface Decision {
  readonly state: 'leak' | 'plateau' | 'undecided';
  /** Why it is undecided; short, for the sentence. */
  readonly doubt?: 'floors' | 'filling' | 'decelerating' | 'noise' | 'short' | 'between' | 'readings';
  readonly shape: Shape;
  /** Per cycle. */
  readonly slope: Omit<Interval, 'unit'>;
  /** Confidence of the interval, two-sided. */
  readonly confidence: number;
  readonly budget: number;
  readonly detectionFloor: number | undefined;
  /** Floors after warm-up. */
  readonly floors: number;
  readonly warmupFloors: number;
  readonly cyclesToDecide?: number;
  readonly step?: LevelShift;
  readonly saturation?: { readonly level: number; readonly atCycles: number };
  readonly periodCycles?: number;
}
