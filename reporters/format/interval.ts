import type { Interval } from '../../harness/model/run-record.js';
import { decimalsFor, formatNumber, formatShort, formatSigned } from './number.js';
import { printable } from './printable.js';
import { scaleFor } from './quantity.js';

export interface IntervalText {
  readonly low: string;
  readonly estimate: string;
  readonly high: string;
  /** `KiB/cycle`, `fds/k cycles`. */
  readonly unit: string;
}

interface RateScale {
  readonly unit: string;
  /** Shown value of one base unit. */
  readonly multiplier: number;
}

/** Under a hundredth per cycle a rate is reported per thousand or per million cycles. */
function rateScale(rate: string, magnitude: number): RateScale {
  const unit = printable(rate, 80);
  const slash = unit.lastIndexOf('/');
  const counted = slash < 0 ? unit : unit.slice(0, slash);
  const driver = slash < 0 ? '' : unit.slice(slash + 1);
  if (driver === 'cycle' && magnitude > 0 && magnitude < 0.01) {
    const [multiplier, name] = magnitude < 0.000_01 ? [1_000_000, 'M cycles'] : [1_000, 'k cycles'];
    return { unit: `${counted}/${name}`, multiplier };
  }
  const scale = scaleFor(counted, magnitude);
  return { unit: driver === '' ? scale.unit : `${scale.unit}/${driver}`, multiplier: 1 / scale.factor };
}

/** The three numbers in one unit and with the decimals that the width of the interval supports. */
export function formatInterval(interval: Interval): IntervalText {
  const { low, estimate, high } = interval;
  const bounded = [low, estimate, high].map(Math.abs).filter((size) => size < 1e15);
  const { unit, multiplier } = rateScale(interval.unit, Math.max(0, ...bounded));
  const halfWidth = ((high - low) / 2) * multiplier;
  const shown = estimate * multiplier;
  const exact = halfWidth === 0 || halfWidth >= 1e15;
  const decimals = exact ? exactDecimals(shown) : decimalsFor(halfWidth, 2, Math.abs(shown) >= 100 ? 1 : 3);
  const format = isLevel(interval.unit) ? formatNumber : formatSigned;
  const [lowText, estimateText, highText] = [low, estimate, high].map((value) => format(value * multiplier, decimals));
  return { low: lowText!, estimate: estimateText!, high: highText!, unit };
}

/** `[+1.21 +1.34 +1.47] KiB/cycle`; a level that is known for sure is one number. */
export function intervalText(interval: Interval): string {
  const { low, estimate, high, unit } = formatInterval(interval);
  if (isLevel(interval.unit) && interval.low === interval.high)
    return `${estimate} ${estimate === '1' ? unit.replace(/s$/, '') : unit}`;
  return `[${low} ${estimate} ${high}] ${unit}`;
}

/** As few decimals as show the whole number, at most four. */
function exactDecimals(value: number): number {
  const whole = (decimals: number) => Math.abs(value * 10 ** decimals - Math.round(value * 10 ** decimals)) < 1e-6;
  return [0, 1, 2, 3].find(whole) ?? decimalsFor(value, 4, 4);
}

/** One rate beside the metric's name: `8 B/cycle`, `0.3/k cycles`. */
export function formatRate(value: number, unit: string): string {
  const scale = rateScale(unit, Math.abs(value));
  const beside = besideName(scale.unit);
  return `${formatShort(value * scale.multiplier)}${beside.startsWith('/') ? '' : ' '}${beside}`;
}

/** Two rates in the unit in which the larger reads best: `175 → 2.1 B/cycle`. */
export function formatRates(from: number, to: number, unit: string): string {
  const { multiplier, ...scale } = rateScale(unit, Math.max(Math.abs(from), Math.abs(to)));
  const beside = besideName(scale.unit);
  const [before, after] = [from, to].map((value) => formatShort(value * multiplier));
  return `${before} → ${after}${beside.startsWith('/') ? '' : ' '}${beside}`;
}

/**
 * The largest slope that passes, beside its interval: in the interval's own `/k cycles`, so that the two compare at a
 * glance; bytes in their own scale, since 8 B against 1.34 KiB would read as 0.01.
 */
export function formatBudget(budget: number, slope: Interval): string {
  const { unit } = formatInterval(slope);
  const own = rateScale(slope.unit, Math.abs(budget));
  const [counted = '', driver = ''] = own.unit.split('/');
  if (isBytes(counted))
    return `${formatShort(budget * own.multiplier)} ${counted}${driver === 'cycle' || driver === '' ? '' : `/${driver}`}`;
  if (budget === 0) return '0';
  if (own.unit === unit || !driver.endsWith(' cycles')) return formatShort(budget * own.multiplier);
  return unit.endsWith(' cycles')
    ? formatShort(budget * rateScale(slope.unit, 0.001).multiplier)
    : `${formatShort(budget * own.multiplier)}/${driver}`;
}

/** Metrics that must come back to rest are judged by where they stand, not by how they grow: `cores`, `ms`. */
function isLevel(unit: string): boolean {
  return !unit.includes('/');
}

function isBytes(unit: string): boolean {
  return /^([KMG]i)?B$/.test(unit);
}

/** The unit of a rate beside the metric's name, which shows what is counted: `KiB/cycle`, `%/h`, but `/cycle` for counts. */
export function besideName(unit: string): string {
  const slash = unit.lastIndexOf('/');
  const counted = unit.slice(0, Math.max(0, slash));
  return slash < 0 || isBytes(counted) || counted === '%' ? unit : unit.slice(slash);
}

/** `99 %` for 0.99, `98.143 %` for 0.98143; never rounded up to certainty. */
export function formatConfidence(confidence: number): string {
  return `${Number((confidence * 100).toPrecision(6))} %`;
}
