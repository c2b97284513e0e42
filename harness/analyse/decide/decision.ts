import type { Interval } from '../../model/run-record.js';
import type { Shape } from '../../model/verdict.js';
import type { LevelShift } from '../level-shifts.js';

/** Why a metric is undecided. */
export type Doubt =
  | 'readings'
  | 'floors'
  | 'still'
  | 'filling'
  | 'decelerating'
  | 'noise'
  | 'short'
  | 'released'
  | 'passing';

/** The rule that made a decision, with the numbers that it compared. */
export interface AppliedRule {
  readonly name: RuleName;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Every rule, in the order in which they are asked; `harness/analyse/README.md` explains each. */
export const ruleNames = [
  'unread',
  'within-bound',
  'above-bound',
  'cycles-stand-still',
  'too-few-floors',
  'runs-dry',
  'heap-bears-no-objects',
  'steady-growth',
  'held-by-leaking-entries',
  'growth-in-doublings',
  'growth-by-the-clock',
  'table-may-double',
  'certified',
  'may-be-filling',
  'slows-down',
  'run-too-short',
  'noise-hides-it',
  'goes-on-at-rest',
  'window-is-full',
  'filled',
  'outlasts-filling',
  'still-filling',
  'released-at-rest',
  'flat-from-rest-to-rest',
  'kept-after-release',
  'being-released',
  'at-rest-unclear',
  'pages-grow-with-threads',
  'pages-outgrow-the-heap',
  'pages-may-outgrow-the-heap',
  'pages-follow-the-heap',
  'pages-are-kept-by-the-allocator',
] as const;

export type RuleName = (typeof ruleNames)[number];

/** What one metric is judged to do at one look. Made once, by one rule. Slopes are per cycle. */
export interface Decision {
  readonly state: 'leak' | 'plateau' | 'undecided';
  readonly rule: AppliedRule;
  readonly doubt?: Doubt;
  readonly shape: Shape;
  readonly slope: Omit<Interval, 'unit'>;
  /** Of growth that time brings and no cycle. */
  readonly perHour?: Omit<Interval, 'unit'>;
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
  readonly release?: { readonly share: number; readonly withinMs: number };
  /** Growth that looked like a leak until it came to a level. */
  readonly fill?: { readonly level: number; readonly atCycles: number };
  /** A gauge that may reach `most`, and what it reached. */
  readonly bound?: { readonly most: number; readonly reached: number };
}
