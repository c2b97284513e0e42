import { metricDefinition } from '../../model/metric.js';
import type { ObjectCounter } from './object-counter.js';
import type { Measurement } from './rounds.js';

/** Above this much live heap a census takes seconds; then it is taken at both ends only. */
const heapBytesMax = 64 * 1024 * 1024;
const roundsMin = 14;
/** Beside a leak only the growing classes matter, and those show in fewer. */
const roundsOfLeakMin = 9;
const roundsMax = 40;
const roundMs = 150;
const roundOfLeakMs = 60;
const roundsAtBothEnds = 3;
/** In the fewest rounds, what never grew is then certified to a fifth of a thing a cycle; slow targets get no blunter. */
const cyclesMin = 7;
/** The later half of the cycles then lies in six floors; in less than four, no growth can be shown. */
const growthOfRounds = 1.12;
const roundMsMax = 1_000;
/** Counting may take this part of the time that measuring took, and no less than a moment; the fewest rounds may take longer. */
const timeShare = 0.3;
const timeMsMin = 6_000;
const roundsMsMin = 15_000;

export interface CensusQuestions {
  /** Whether another round would help; asked after the fewest that say anything. */
  readonly undecided: () => boolean;
  /** Whether the run is known to leak. */
  readonly leaks: boolean;
  /** How long counting may take. @defaultValue as long as it needs */
  readonly maxMs?: number;
}

/** Whether the objects of the target can be counted within a moment. */
export function isCountable({ lastFloor }: Pick<Measurement, 'lastFloor'>): boolean {
  return (lastFloor.heapUsed ?? 0) <= heapBytesMax;
}

/** How many of the most rounds are kept for the census, so that a run of few rounds counts too. */
export function roundsForCensus(roundsMax: number): number {
  return Math.min(roundsMin, Math.floor(roundsMax / 3));
}

/** Read in the rounds of the census and in no other. */
export function isOnlyCounted(metric: string): boolean {
  return metricDefinition(metric)?.readIn === 'census';
}

/** Rounds whose floors count every live object. They come last: counting disturbs byte readings. */
export async function runCensusRounds(
  counter: ObjectCounter,
  measurement: Measurement,
  { undecided, leaks, maxMs: limitMs = Number.POSITIVE_INFINITY }: CensusQuestions,
): Promise<void> {
  const affordable = isCountable(measurement);
  // A few counts decide nothing; beside a leak, whose heap is large, they are not worth the time they take.
  if (leaks && !affordable) return;
  const rounds = leaks ? roundsOfLeakMin : affordable ? roundsMin : roundsAtBothEnds;
  const limit = affordable ? roundsMax : roundsAtBothEnds;
  measurement.sizer.restart(leaks ? roundOfLeakMs : roundMs);
  const startedMs = measurement.elapsedMs;
  const furtherMs = Math.max(timeMsMin, startedMs * timeShare);
  for (let round = 0; round < limit; round += 1) {
    const ended = measurement.limitReached();
    if (ended === 'interrupted' || ended === 'rounds') return;
    const isFurther = round >= rounds;
    const spentMs = measurement.elapsedMs - startedMs;
    const maxMs = isFurther ? furtherMs : Math.max(furtherMs, roundsMsMin);
    if (spentMs > Math.min(maxMs, limitMs) || (isFurther && !undecided())) return;
    const count = () => counter.count();
    const usual = leaks ? undefined : roundMin(measurement);
    const cycles = isFurther ? longerRound(measurement, round - rounds) : usual;
    await measurement.round('census', cycles === undefined ? { count } : { count, cycles });
  }
}

/** @returns undefined where rounds are as long already, or would take too long */
function roundMin({ sizer, cyclesPerSecond }: Measurement): number | undefined {
  const isSmall = sizer.meanCycles < cyclesMin && cyclesPerSecond * roundMsMax >= cyclesMin * 1_000;
  return isSmall ? cyclesMin : undefined;
}

/** What short rounds leave undecided is rare: each further round drives more cycles, as long as it takes a moment. */
function longerRound({ sizer, cyclesPerSecond }: Measurement, further: number): number {
  const most = Math.max(sizer.meanCycles, (cyclesPerSecond * roundMsMax) / 1_000);
  return Math.ceil(Math.min(most, sizer.meanCycles * growthOfRounds ** (further + 1)));
}
