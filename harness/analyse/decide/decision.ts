import type { AppliedRule } from '../../model/rule.js';
import type { Finding } from '../../model/run-record.js';
import type { Shape } from '../../model/verdict.js';
import type { LevelShift } from '../growth/level-shifts.js';
import type { Drain } from '../series/draining.js';
import type { PendingRelease } from '../series/pending-timers.js';
import type { Bounded } from '../statistics/combined-intervals.js';

/** Why a metric is undecided. */
export type Doubt =
  | 'readings'
  | 'floors'
  | 'still'
  | 'filling'
  | 'decelerating'
  | 'noise'
  | 'below'
  | 'warm-up'
  | 'short'
  | 'released'
  | 'draining'
  | 'due'
  | 'passing'
  | 'bounded'
  | 'freed';

/** What one metric is judged to do at one look. Made once, by one rule. Slopes are per cycle. */
export interface Decision {
  readonly state: 'leak' | 'plateau' | 'undecided';
  readonly rule: AppliedRule;
  readonly doubt?: Doubt;
  readonly shape: Shape;
  readonly slope: Bounded;
  /** Of growth that time brings and no cycle. */
  readonly perHour?: Bounded;
  /** Confidence of the interval, two-sided. */
  readonly confidence: number;
  readonly budget: number;
  readonly detectionFloor: number | undefined;
  /** Floors after warm-up. */
  readonly floors: number;
  readonly warmupFloors: number;
  /** Undecided: cycles in all after which a run like this one would decide. */
  readonly cyclesToDecide?: number;
  readonly step?: LevelShift;
  /** What time alone gave back of growth that looked like a leak. */
  readonly release?: {
    readonly share: number;
    /** By the target's clock. */
    readonly withinMs: number;
    /** What was kept for that time grew by so much a cycle; present where the target's clock was moved on. */
    readonly kept?: Bounded;
  };
  /** What still went when the last rest was over. */
  readonly drain?: Drain;
  /** Growth that looked like a leak until it came to a level. */
  readonly fill?: { readonly level: number; readonly atCycles: number };
  /** What holds the growth may have so many entries, and has come to so many. */
  readonly capacity?: {
    readonly holder: string;
    readonly name: string;
    readonly entries: number;
    readonly reached: number;
  };
  /** The timer that may take away what grew. */
  readonly pending?: PendingRelease;
  /** What holds the growth names a time after which its entries may go. */
  readonly expiring?: NonNullable<Finding['expiring']>;
  /** A gauge that may reach `most`, and what it reached. */
  readonly bound?: { readonly most: number; readonly reached: number };
}
