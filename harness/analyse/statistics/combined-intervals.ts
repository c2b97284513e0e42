/** An estimate between two bounds, which need not lie symmetrically. */
export interface Bounded {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** An estimate that may be off by so much in either direction. */
export function around(estimate: number, reach: number): Bounded {
  return { estimate, low: estimate - reach, high: estimate + reach };
}

/** The same in another unit, or turned upside down by a negative factor. */
export function scaled({ estimate, low, high }: Bounded, factor: number): Bounded {
  const ends = [low * factor, high * factor] as const;
  return { estimate: estimate * factor, low: ends[factor < 0 ? 1 : 0], high: ends[factor < 0 ? 0 : 1] };
}

/**
 * Bounds of `right - left` from the bounds of two independent estimates, at their confidence: the method of variance
 * estimates recovery (Zou & Donner 2008). With Student intervals on both sides it is Welch's interval, slightly wider;
 * it also takes the skew intervals of rare counts as they are.
 */
export function differenceOf(left: Bounded, right: Bounded): Bounded {
  const estimate = right.estimate - left.estimate;
  return {
    estimate,
    low: estimate - Math.hypot(right.estimate - right.low, left.high - left.estimate),
    high: estimate + Math.hypot(right.high - right.estimate, left.estimate - left.low),
  };
}

/**
 * Bounds of `numerator / denominator` by the same method (Donner & Zou 2012), for numerators of either sign: a bound is
 * the ratio at which that of `numerator - ratio * denominator` is zero.
 * @returns undefined where the denominator may be zero
 */
export function ratioOf(numerator: Bounded, denominator: Bounded): Bounded | undefined {
  if (!(denominator.low > 0)) return undefined;
  const cross = numerator.estimate * denominator.estimate;
  const bound = (top: number, bottom: number, sign: 1 | -1): number => {
    const square = bottom * (2 * denominator.estimate - bottom);
    const rest = top * (2 * numerator.estimate - top);
    return square === 0
      ? rest / (2 * cross)
      : (cross + sign * Math.sqrt(Math.max(0, cross ** 2 - square * rest))) / square;
  };
  return {
    estimate: numerator.estimate / denominator.estimate,
    low: bound(numerator.low, numerator.low >= 0 ? denominator.high : denominator.low, -1),
    high: bound(numerator.high, numerator.high >= 0 ? denominator.low : denominator.high, 1),
  };
}
