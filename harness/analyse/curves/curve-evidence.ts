import type { CurveAxis } from '../../model/curve.js';
import { collectedHeapBytes } from '../decide/tolerance.js';
import { countAllowance } from '../series/floors.js';
import type { Bounded } from '../statistics/combined-intervals.js';
import { median } from '../statistics/order-statistics.js';
import { studentQuantile } from '../statistics/student-t.js';
import { type CurveLevel, type CurveReadings, levelsOf, spansOf } from './curve-levels.js';
import { boundsOf, type CurveSlope, halfOf, slopeOfLevels } from './curve-slope.js';
import { type DailyRhythm, dailyRhythm, hoursForRhythm } from './rhythm.js';

/** One curve as it is judged: positions are hours or rows. */
export interface JudgedCurve {
  readonly metric: string;
  readonly unit: string;
  readonly axis: CurveAxis;
  readonly readings: CurveReadings;
  readonly restarts: readonly number[];
  readonly limit?: number;
  /** Largest growth per hour or row that the user lets pass. */
  readonly budget?: number;
  /** Error rate of each bound. */
  readonly alpha: number;
}

/** What a curve shows, as rules read it. Slopes are per hour or row, amounts in the curve's unit. */
export interface CurveEvidence {
  readonly levels: readonly CurveLevel[];
  /** Over the whole record. */
  readonly whole: Bounded;
  /** Of its later half, at the error rate of the whole. */
  readonly late: Bounded;
  /** Lowest slope of the later half that shows that growth goes on. */
  readonly lateLow: number;
  /** Slope of the later half as a part of that of the earlier half. */
  readonly pace: number;
  /** Hours or rows of the longest span. */
  readonly length: number;
  /** Growth that proves nothing. */
  readonly allowance: number;
  /** Growth that is no matter. */
  readonly tolerance: number;
  /** What a rhythm of a day, or pages that a collector has not given back yet, could have brought in so short a record. */
  readonly dayAmount: number;
  /** Smallest growth that would have been called a leak in 95 of 100 records like this one. */
  readonly detectionFloor: number;
  readonly rhythm?: DailyRhythm;
  /** Spans between restarts that were long enough. */
  readonly spans: number;
}

/** Growth of one percent of the level, or of this much, is seen in sound processes of any age. */
const allowances: Readonly<Record<string, number>> = { B: 1024 * 1024, '%': 0 };
const allowanceShare = 0.01;
/** A record that grew by at most this share of its level is level. */
const toleranceShare = 0.05;
/**
 * The later half confirms what the whole record showed, so that its bound needs less: of 1,500 lines that rise by twice
 * their noise, 92 % were recognised with it, and 54 % with the error rate of the whole.
 */
const confirmationAlpha = 0.1;
/** A day may take memory up and down by half of its level. */
const daySwingShare = 0.5;
const halfDayHours = 12;

/** Evidence of a curve; undefined where it has too few readings for a slope of each half. */
export function curveEvidence(curve: JudgedCurve): CurveEvidence | undefined {
  const { axis, readings, restarts, alpha } = curve;
  const rhythm = axis === 'time' && restarts.length === 0 ? dailyRhythm(readings) : undefined;
  const levels = levelsOf(spansOf(rhythm?.rest ?? readings, restarts));
  const [whole, early, late] = [levels, halfOf(levels, 'early'), halfOf(levels, 'late')].map(slopeOfLevels);
  if (whole === undefined || early === undefined || late === undefined) return undefined;
  const level = Math.abs(median(readings.values));
  const allowance = Math.max(allowanceShare * level, allowances[curve.unit] ?? countsAllowance(readings));
  const dayAmount = dayAmountOf(curve, level, rhythm);
  const confirming = Math.max(alpha, confirmationAlpha);
  return {
    levels,
    whole: boundsOf(whole, alpha),
    late: boundsOf(late, alpha),
    lateLow: boundsOf(late, confirming).low,
    pace: early.estimate > 0 ? late.estimate / early.estimate : Number.POSITIVE_INFINITY,
    length: whole.length,
    allowance,
    tolerance: Math.max(toleranceShare * level, allowance),
    dayAmount,
    detectionFloor: Math.max(
      Math.max(allowance, dayAmount) / whole.length + seenBeyond(whole, alpha),
      seenBeyond(late, confirming),
    ),
    ...(rhythm && { rhythm }),
    spans: new Set(levels.map(({ span }) => span)).size,
  };
}

/** Slope beyond a threshold that exceeds it, bound and all, in 95 of 100 records. */
function seenBeyond({ standardError, degreesOfFreedom }: CurveSlope, alpha: number): number {
  const reach = studentQuantile(1 - alpha, degreesOfFreedom) + studentQuantile(0.95, degreesOfFreedom);
  return reach * standardError;
}

function countsAllowance({ values }: CurveReadings): number {
  return values.every(Number.isInteger) ? countAllowance : 0;
}

/**
 * The steepest part of a wave of a day, as long as the record; a rhythm that was seen is taken out already. The memory of a
 * sound Node service also rose by 4 MiB in its second half minute.
 */
function dayAmountOf(
  { axis, unit, readings: { positions } }: JudgedCurve,
  level: number,
  rhythm?: DailyRhythm,
): number {
  const hours = (positions.at(-1) ?? 0) - (positions[0] ?? 0);
  if (axis === 'row' || rhythm !== undefined || hours >= hoursForRhythm) return 0;
  const wave = daySwingShare * level * Math.sin((Math.PI / 2) * Math.min(1, hours / halfDayHours));
  return unit === 'B' ? Math.max(wave, collectedHeapBytes) : wave;
}
