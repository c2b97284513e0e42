import type { ChangePoint, TrendPoint } from '../../model/history.js';
import { mean, median, robustDeviation } from '../statistics/order-statistics.js';
import { studentDistribution, studentQuantile } from '../statistics/student-t.js';

export interface ChangePointOptions {
  /**
   * Chance that three nights in a row look like a change and are none, less for longer stretches. What the default means
   * for a series of a hundred nights was measured, see test/accuracy/RESULTS.md.
   * @defaultValue 0.001
   */
  readonly falseAlarm?: number;
  /** Smaller changes are of no interest. @defaultValue 0 */
  readonly heightMin?: number;
}

/** A new level must have lasted so long: one bad night is no change. */
const nightsAfterMin = 3;
/** A change that has not shown by then never will. */
const nightsAfterMax = 24;
const nightsBeforeMin = 5;
/** From so many nights on they show by themselves how large an outlier is, and how much a night has of the one before. */
const nightsForScale = 8;
/** Nights of scatter that the errors within nights are worth, where they agree with the scatter between nights. */
const knownErrorDegrees = 6;

/**
 * Changes of level in a series of nights, oldest first. The series is followed night by night: the last 3, 4, 5, ... nights
 * against all before them since the last change, by Student's t, in which no single night counts for more than a part of
 * what an alarm needs. What was found once does not depend on later nights.
 * Why not E-divisive means with a t-test: looked at anew every night it finds changes in a third of all flat series, and
 * in one bad night of three; the figures are in test/accuracy/RESULTS.md.
 */
export function changePoints(points: readonly TrendPoint[], options: ChangePointOptions = {}): ChangePoint[] {
  const watch = new Watch(points, options.falseAlarm ?? 0.001, options.heightMin ?? 0);
  for (let night = 0; night < points.length; night += 1) watch.look(night);
  return watch.changes();
}

interface Scatter {
  readonly squares: number;
  readonly degrees: number;
}

/** The nights since the last change up to a possible one. */
interface Before {
  readonly count: number;
  readonly centre: number;
  readonly scatter: Scatter;
  /** Factor by which the variance of a mean is larger where nights take after each other. */
  readonly likeness: number;
}

interface Found {
  readonly start: number;
  readonly foundIndex: number;
}

class Watch {
  private readonly values: readonly number[];
  private readonly found: Found[] = [];
  private start = 0;
  /** Scatter within the levels before the present one. */
  private earlier: Scatter = { squares: 0, degrees: 0 };
  private readonly before = new Map<number, Before>();

  constructor(
    private readonly points: readonly TrendPoint[],
    private readonly falseAlarm: number,
    private readonly heightMin: number,
  ) {
    this.values = points.map(({ value }) => value);
  }

  look(night: number): void {
    let best: { readonly split: number; readonly clarity: number } | undefined;
    const least = this.earlier.degrees >= nightsBeforeMin ? nightsAfterMin : nightsBeforeMin;
    const most = Math.min(nightsAfterMax, night + 1 - this.start - least);
    for (let after = nightsAfterMin; after <= most; after += 1) {
      const split = night + 1 - after;
      const clarity = this.clarityAt(split, night);
      if (clarity > 1 && clarity > (best?.clarity ?? 1)) best = { split, clarity };
    }
    if (best === undefined) return;
    const start = bestSplit(this.values.slice(this.start, night + 1), best.split - this.start) + this.start;
    this.earlier = added(this.earlier, scatterOf(this.values.slice(this.start, start)));
    this.found.push({ start, foundIndex: night });
    this.start = start;
    this.before.clear();
  }

  /** How far the nights from `split` on are from those before, as a multiple of what an alarm needs. */
  private clarityAt(split: number, night: number): number {
    const before = this.nightsBefore(split);
    const after = this.values.slice(split, night + 1);
    const { squares, degrees } = added(before.scatter, scatterOf(after));
    const deviation = Math.sqrt((squares / degrees) * before.likeness);
    // Short stretches need the power, long ones have it.
    const falseAlarm = this.falseAlarm * (nightsAfterMin / after.length) ** 2;
    const needed = studentQuantile(1 - falseAlarm / 2, degrees);
    // Three nights at their most are two fifths more than an alarm needs, two are too few.
    const shareOfOneMax = (1.4 / 3) * needed * Math.sqrt(3 + 9 / before.count);
    let sum = 0;
    for (const value of after) {
      const distance = value - before.centre;
      const deviations = deviation > 0 ? distance / deviation : Math.sign(distance) * shareOfOneMax;
      sum += Math.max(-shareOfOneMax, Math.min(shareOfOneMax, deviations));
    }
    const clarity = Math.abs(sum) / Math.sqrt(after.length + after.length ** 2 / before.count) / needed;
    if (clarity <= 1) return 0;
    return Math.abs(median(after) - before.centre) < this.heightMin ? 0 : clarity;
  }

  private nightsBefore(split: number): Before {
    const kept = this.before.get(split);
    if (kept !== undefined) return kept;
    const drawn = clipped(this.values.slice(this.start, split));
    const scatter = this.withKnownErrors(added(this.earlier, scatterOf(drawn)), split);
    const shared = likenessOf(drawn);
    const made = { count: drawn.length, centre: mean(drawn), scatter, likeness: (1 + shared) / (1 - shared) };
    this.before.set(split, made);
    return made;
  }

  /** Errors within nights are the least that nights scatter by; where nights scatter by no more, they count as nights. */
  private withKnownErrors(scatter: Scatter, split: number): Scatter {
    const known = mean(this.points.slice(this.start, split).map(({ standardError }) => standardError ** 2));
    if (!(known > 0)) return scatter;
    const agrees = scatter.squares <= 2 * known * scatter.degrees;
    return agrees ? added(scatter, { squares: known * knownErrorDegrees, degrees: knownErrorDegrees }) : scatter;
  }

  changes(): ChangePoint[] {
    const starts = [0, ...this.found.map(({ start }) => start), this.values.length];
    return this.found.map(({ foundIndex }, at) => {
      const from = starts[at]!;
      const level = this.values.slice(from, starts[at + 2]);
      const split = from + bestSplit(level, starts[at + 1]! - from);
      const [before, after] = [this.values.slice(from, split), this.values.slice(split, starts[at + 2])];
      return {
        index: split,
        foundIndex,
        before: clippedMean(before),
        after: clippedMean(after),
        pValue: studentTest(before, after),
      };
    });
  }
}

function added(one: Scatter, other: Scatter): Scatter {
  return { squares: one.squares + other.squares, degrees: one.degrees + other.degrees };
}

/** Values with outliers drawn in to where the others end. */
function clipped(values: readonly number[]): readonly number[] {
  const deviation = values.length < nightsForScale ? 0 : robustDeviation(values);
  if (!(deviation > 0)) return values;
  const centre = median(values);
  return values.map((value) => Math.max(centre - 4 * deviation, Math.min(centre + 4 * deviation, value)));
}

function clippedMean(values: readonly number[]): number {
  return mean(clipped(values));
}

function scatterOf(values: readonly number[]): Scatter {
  const drawn = clipped(values);
  const centre = mean(drawn);
  return { squares: drawn.reduce((sum, value) => sum + (value - centre) ** 2, 0), degrees: values.length - 1 };
}

/** How much of a night is in the next: autocorrelation less what chance makes of it, 0 to 0.8. */
function likenessOf(values: readonly number[]): number {
  const { squares } = scatterOf(values);
  if (values.length < nightsForScale || squares === 0) return 0;
  const centre = mean(values);
  let products = 0;
  for (let index = 1; index < values.length; index += 1)
    products += (values[index]! - centre) * (values[index - 1]! - centre);
  return Math.min(0.8, Math.max(0, products / squares - 1 / Math.sqrt(values.length)));
}

/** The split near `guess` with the least absolute deviations from the medians of both sides. */
function bestSplit(values: readonly number[], guess: number): number {
  let best = { split: guess, deviations: Number.POSITIVE_INFINITY };
  for (let split = Math.max(2, guess - 3); split <= Math.min(values.length - 2, guess + 3); split += 1) {
    const deviations = absoluteDeviations(values.slice(0, split)) + absoluteDeviations(values.slice(split));
    if (deviations < best.deviations - 1e-12) best = { split, deviations };
  }
  return best.split;
}

function absoluteDeviations(values: readonly number[]): number {
  const centre = median(values);
  return values.reduce((sum, value) => sum + Math.abs(value - centre), 0);
}

/** Two-sided p of Student's t-test with one variance for both sides. */
function studentTest(before: readonly number[], after: readonly number[]): number {
  const degrees = before.length + after.length - 2;
  const { squares } = added(scatterOf(before), scatterOf(after));
  const deviation = Math.sqrt((squares / degrees) * (1 / before.length + 1 / after.length));
  const distance = Math.abs(clippedMean(after) - clippedMean(before));
  return deviation > 0 ? 2 * (1 - studentDistribution(distance / deviation, degrees)) : distance > 0 ? 0 : 1;
}
