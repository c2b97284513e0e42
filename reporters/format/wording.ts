import type { Finding } from '../../harness/model/run-record.js';
import type { FindingVerdict, RunVerdict, Shape } from '../../harness/model/verdict.js';
import { formatBudget, formatRate, intervalText } from './interval.js';
import { formatNumber } from './number.js';
import { formatCount, formatQuantity } from './quantity.js';

/** How grave a verdict is to a reader: decides symbol and colour, in every format. */
export type Tone = 'good' | 'bad' | 'unknown' | 'quiet';

const tones: Readonly<Record<RunVerdict | FindingVerdict, Tone>> = {
  plateau: 'good',
  leak: 'bad',
  stalled: 'bad',
  refusing: 'bad',
  spinning: 'bad',
  crashed: 'bad',
  inconclusive: 'unknown',
  interrupted: 'unknown',
  advisory: 'quiet',
  known: 'quiet',
};

export const toneSymbols: Readonly<Record<Tone, string>> = { good: '✓', bad: '✗', unknown: '?', quiet: '·' };

export function toneOf(verdict: RunVerdict | FindingVerdict): Tone {
  return tones[verdict];
}

export function symbolOf(verdict: RunVerdict | FindingVerdict): string {
  return toneSymbols[tones[verdict]];
}

const shapeWords: Readonly<Record<Shape, string>> = {
  flat: 'flat',
  linear: 'grows steadily',
  accelerating: 'grows faster and faster',
  decelerating: 'grows ever more slowly',
  saturating: 'levels off',
  step: 'stepped once',
  sawtooth: 'rises and falls back',
  falling: 'falls',
  noisy: 'noisy',
};

const growingShapes: ReadonlySet<Shape> = new Set(['linear', 'accelerating', 'decelerating']);
/** An interval as narrow as this, beside its estimate, is not what noise makes. */
const sharpShare = 0.01;

function isSharp({ estimate, low, high }: Finding['slope']): boolean {
  return high - low <= sharpShare * Math.abs(estimate);
}

/** It may come to a level, and surely has not yet. */
function stillGrows({ shape, verdict, slope }: Finding): boolean {
  return shape === 'saturating' && verdict !== 'plateau' && slope.low > 0;
}

export function shapeWord(finding: Finding): string {
  return shapeWords[stillGrows(finding) ? 'decelerating' : finding.shape];
}

/** What a series does, in words, with the figures that its shape comes with. */
export function shapeText(finding: Finding): string {
  if (finding.verdict === 'plateau' && growingShapes.has(finding.shape))
    return `within its budget of ${formatBudget(finding.budget, finding.slope)}`;
  if (finding.rule?.name === 'grows-below-budget') return 'grows, below the default budget';
  const isOpen = finding.verdict === 'inconclusive' && finding.shape === 'noisy';
  if (isOpen && finding.rule?.name === 'warm-up-may-explain-it') return 'no more so far than a warm-up';
  if (isOpen && isSharp(finding.slope)) return `${formatCount(finding.rounds, 'floors')}: too few`;
  const words = shapeWord(finding);
  if (finding.shape === 'saturating' && finding.saturation !== undefined)
    return `${words}${stillGrows(finding) ? ', towards' : ' at'} ${formatQuantity(finding.saturation.level, finding.unit)}`;
  if (finding.shape === 'sawtooth' && finding.periodCycles !== undefined)
    return `${words} every ${formatCount(Math.round(finding.periodCycles), 'cycles')}`;
  return words;
}

/** `12 → 37 handles`, or the one value where it stayed. */
export function levelsText({ first, last, unit }: Finding): string {
  const [from, to] = [formatQuantity(first, unit), formatQuantity(last, unit)];
  if (from === to) return to;
  const [number = from, ...fromUnit] = from.split(' ');
  const sameUnit = fromUnit.join(' ') === to.split(' ').slice(1).join(' ');
  return `${sameUnit ? number : from} → ${to}`;
}

/** `12 → 37 handles at cycle 312`, where the growth was one step. */
export function stepText(finding: Finding): string | undefined {
  if (finding.step === undefined || finding.shape !== 'step') return undefined;
  return `${levelsText(finding)} at cycle ${formatNumber(Math.round(finding.step.atCycles))}`;
}

/** `about 216 B/cycle`, of growth that has no bounds yet: an interval without a width would look exact. */
export function roughText({ kind, confidence, slope }: Finding): string | undefined {
  return kind === 'growth' && confidence === 0 ? `about ${formatRate(slope.estimate, slope.unit)}` : undefined;
}

/** What was measured of a metric, in one text. */
export function measuredText(finding: Finding): string {
  if (finding.rounds === 0) return 'too few floors';
  return roughText(finding) ?? stepText(finding) ?? intervalText(finding.slope);
}

/** Grows without a bound that was seen: a shape that deserves the reader's eye. */
export function isGrowing(finding: Finding): boolean {
  return finding.shape !== 'flat' && finding.shape !== 'falling' && finding.shape !== 'noisy';
}
