import type { Decision } from './decision.js';

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `1.5 MiB`, `0.25 fds`: three significant digits at most. */
export function quantity(value: number, unit: string): string {
  if (unit !== 'B') return `${significant(value)} ${unit}`;
  let scaled = value;
  let step = 0;
  while (Math.abs(scaled) >= 1024 && step < binary.length - 1) {
    scaled /= 1024;
    step += 1;
  }
  return `${significant(scaled)} ${binary[step]!}`;
}

function significant(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const magnitude = Math.abs(value);
  if (magnitude >= 1_000_000) return `${significant(value / 1_000_000)} million`;
  if (magnitude >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** What is said of a metric whose slope is judged. */
export function sentenceOf(decision: Decision, unit: string, driven: string): string {
  const rate = (value: number) => `${quantity(value, unit)} per ${driven}`;
  if (decision.state === 'leak')
    return `grows by ${rate(decision.slope.estimate)}, ${decision.shape === 'accelerating' ? 'ever faster' : 'steadily'}`;
  if (decision.state === 'plateau')
    return `levels off: less than ${rate(Math.max(decision.slope.high, 0))}, within its budget of ${rate(decision.budget)}`;
  return undecidedSentence(decision, rate);
}

function undecidedSentence(decision: Decision, rate: (value: number) => string): string {
  const cure =
    decision.cyclesToDecide === undefined
      ? 'run longer'
      : `about ${significant(decision.cyclesToDecide)} cycles in all would decide`;
  switch (decision.doubt) {
    case 'readings':
      return 'was never read';
    case 'floors':
      return `${decision.floors} floors are too few to judge; ${cure}`;
    case 'filling':
      return `grows by ${rate(decision.slope.estimate)}, steadily so far: a leak, or something that still fills; ${cure}`;
    case 'decelerating':
      return `still grows by ${rate(decision.slope.estimate)}, ever slower: it may level off; ${cure}`;
    default:
      return `between ${rate(decision.slope.low)} and ${rate(decision.slope.high)} around a budget of ${rate(decision.budget)}; ${cure}`;
  }
}
