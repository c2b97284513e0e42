import type { ComparisonWord } from '../../model/comparison.js';
import { quantity, significant } from '../findings/quantity.js';
import type { Bounded } from '../statistics/combined-intervals.js';

export interface ComparisonSubject {
  readonly word: ComparisonWord;
  readonly unit: string;
  /** `cycle` or `hour`. */
  readonly per: string;
  readonly before: Bounded;
  readonly after: Bounded;
  readonly difference: Bounded;
  readonly threshold: number;
  readonly removed?: Bounded;
  readonly leaked: boolean;
  readonly stillLeaks: boolean;
  readonly cyclesToDecide?: number;
}

/** One sentence that a person understands; the metric's name comes before it. */
export function comparisonSentence(subject: ComparisonSubject): string {
  const { unit, per, before, after, difference, threshold, stillLeaks, leaked } = subject;
  const rate = (value: number) => `${quantity(value, unit)} per ${per}`;
  const change = `from ${rate(before.estimate)} to ${rate(after.estimate)}`;
  switch (subject.word) {
    case 'fixed':
      return `leaked ${rate(before.estimate)} and is now certified to stay below ${rate(after.high)}${shareText(subject)}`;
    case 'improved':
      return leaked
        ? `${change}: ${stillLeaks ? 'still leaks' : 'not shown to have stopped'}${shareText(subject)}`
        : `${change}: less than before, by at least ${rate(-difference.high)}`;
    case 'worse':
      return `${change}: more than before, by at least ${rate(difference.low)}`;
    case 'new leak':
      return `did not leak (${rate(before.estimate)}), and leaks now: ${rate(after.estimate)}`;
    case 'unchanged':
      return leaked && stillLeaks
        ? `leaks as before: ${change}`
        : `no difference that matters: ${change}, less than ${rate(threshold)} apart`;
    default: {
      const { cyclesToDecide } = subject;
      const cure =
        cyclesToDecide === undefined
          ? 'longer runs would decide'
          : `about ${significant(cyclesToDecide)} cycles each would decide`;
      return `${change}, a difference between ${rate(difference.low)} and ${rate(difference.high)}; ${cure}`;
    }
  }
}

function shareText({ removed }: ComparisonSubject): string {
  if (removed === undefined) return '';
  const percent = (share: number) => Number((share * 100).toPrecision(3));
  const [low, high] = [percent(removed.low), percent(removed.high)];
  return `; ${percent(removed.estimate)} % removed${low === high ? '' : ` (${low} to ${high} %)`}`;
}
