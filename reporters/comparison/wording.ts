import type {
  Comparison,
  ComparisonWord,
  MetricComparison,
  PerformanceComparison,
  PerformanceWord,
} from '../../harness/model/comparison.js';
import type { BareInterval, Interval } from '../../harness/model/run-record.js';
import { besideName, formatInterval, formatRate, formatRates } from '../format/interval.js';
import { decimalsFor, formatNumber, formatShort } from '../format/number.js';
import { formatCount, formatQuantity } from '../format/quantity.js';
import { type Tone, toneSymbols } from '../format/wording.js';

const tones: Readonly<Record<ComparisonWord | PerformanceWord, Tone>> = {
  fixed: 'good',
  improved: 'good',
  faster: 'good',
  unchanged: 'quiet',
  worse: 'bad',
  slower: 'bad',
  'new leak': 'bad',
  'cannot tell': 'unknown',
};

export function comparisonTone(word: ComparisonWord | PerformanceWord): Tone {
  return tones[word];
}

export function comparisonSymbol(word: ComparisonWord | PerformanceWord): string {
  return toneSymbols[tones[word]];
}

/** `175 B/cycle`; a dash where the run has no such metric. */
export function slopeText(slope: Interval | undefined): string {
  return slope === undefined ? '–' : formatRate(slope.estimate, slope.unit);
}

/** `175 → 2.1 B/cycle`; a dash for a run that has no such metric. */
export function changeText(before: Interval | undefined, after: Interval | undefined): string {
  return before === undefined || after === undefined
    ? `${slopeText(before)} → ${slopeText(after)}`
    : formatRates(before.estimate, after.estimate, before.unit);
}

/** `[+12.1 +16.0 +19.9] B/cycle`. */
export function differenceText(difference: Interval | undefined): string {
  if (difference === undefined) return '–';
  const { low, estimate, high, unit } = formatInterval(difference);
  return `[${low} ${estimate} ${high}] ${besideName(unit)}`;
}

/** `60 % removed [58 to 62]`, `100 % removed` where that is as exact as it shows. */
export function removedText(removed: BareInterval | undefined): string | undefined {
  // Of growth that became more, nothing is removed.
  if (removed === undefined || removed.high < 0) return undefined;
  const { low, estimate, high } = removed;
  const decimals = Math.round(low * 1000) === Math.round(high * 1000) ? 0 : decimalsFor(((high - low) / 2) * 100, 1, 1);
  const percent = (share: number) => formatNumber(share * 100, decimals);
  return decimals === 0 && percent(low) === percent(high)
    ? `${percent(estimate)} % removed`
    : `${percent(estimate)} % removed [${percent(low)} to ${percent(high)}]`;
}

/** `1,203 → 840 cycles/s`. */
export function levelsText({ before, after, unit }: PerformanceComparison): string {
  const [from, to] = [formatQuantity(before.estimate, unit), formatQuantity(after.estimate, unit)];
  return `${from.endsWith(` ${unit}`) ? from.slice(0, -unit.length - 1) : from} → ${to}`;
}

/** `[-35 -30 -25] %`. */
export function ratioText({ low, estimate, high }: BareInterval): string {
  const percent = (ratio: number) => {
    const change = (ratio - 1) * 100;
    const text = Math.abs(change) < 1000 ? formatNumber(change) : formatShort(Math.round(change));
    return change >= 0.5 ? `+${text}` : text;
  };
  return `[${percent(low)} ${percent(estimate)} ${percent(high)}] %`;
}

/** Rows that a reader wants to see: what changed, what is not known, and what still leaks. */
export function changedMetrics({ metrics }: Comparison): readonly MetricComparison[] {
  return metrics.filter(({ word, after }) => word !== 'unchanged' || after?.verdict === 'leak');
}

/** `branch-store/branches + commit-locks → branch-store/branches`, or the one name where both have the same. */
export function comparisonTitle({ before, after }: Comparison): string {
  const [from, to] = [before, after].map(
    ({ scenario, defects, variant }) => variant ?? [scenario, ...defects].join(' + '),
  );
  return from === to ? from! : `${from} → ${to}`;
}

/** `12,000 cycles`, or `2,059 readings` of curves. */
export function extentText({ cycles, readings }: Comparison['before']): string {
  return readings === undefined ? formatCount(cycles, 'cycles') : formatCount(readings, 'readings');
}
