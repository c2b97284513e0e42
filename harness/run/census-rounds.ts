import { metricDefinition } from '../model/metric.js';
import type { Measurement } from './measurement.js';
import type { ObjectCounter } from './object-counter.js';

/** Above this much live heap a census takes seconds; then it is taken at both ends only. */
const largestHeapBytes = 64 * 1024 * 1024;
const fewestRounds = 14;
/** Beside a leak only the growing classes matter, and those show in fewer. */
const fewestRoundsOfLeak = 9;
const mostRounds = 40;
const roundMs = 150;
const roundOfLeakMs = 60;
const roundsAtBothEnds = 3;
/** In the fewest rounds, what never grew is then certified to a fifth of a thing a cycle; slow targets get no blunter. */
const fewestCycles = 7;
/** The later half of the cycles then lies in six floors; in less than four, no growth can be shown. */
const growthOfRounds = 1.12;
const longestRoundMs = 1_000;
/** Counting may take this part of the time that measuring took, and no less than a moment; the fewest rounds may take longer. */
const timeShare = 0.3;
const leastTimeMs = 6_000;
const fewestRoundsMs = 15_000;

export interface CensusQuestions {
  /** Whether another round would help; asked after the fewest that say anything. */
  readonly undecided: () => boolean;
  /** Whether the run is known to leak. */
  readonly leaks: boolean;
  /** How long counting may take. @defaultValue as long as it needs */
  readonly mostMs?: number;
}

/** Whether the objects of the target can be counted within a moment. */
export function isCountable({ lastFloor }: Pick<Measurement, 'lastFloor'>): boolean {
  return (lastFloor.heapUsed ?? 0) <= largestHeapBytes;
}

/** How many of the most rounds are kept for the census, so that a run of few rounds counts too. */
export function roundsForCensus(mostRounds: number): number {
  return Math.min(fewestRounds, Math.floor(mostRounds / 3));
}

/** Read in the rounds of the census and in no other. */
export function isOnlyCounted(metric: string): boolean {
  return metricDefinition(metric)?.readIn === 'census';
}

/** Rounds whose floors count every live object. They come last: counting disturbs byte readings. */
export async function runCensusRounds(
  counter: ObjectCounter,
  measurement: Measurement,
  { undecided, leaks, mostMs: limitMs = Number.POSITIVE_INFINITY }: CensusQuestions,
): Promise<void> {
  const affordable = isCountable(measurement);
  // A few counts decide nothing; beside a leak, whose heap is large, they are not worth the time they take.
  if (leaks && !affordable) return;
  const rounds = leaks ? fewestRoundsOfLeak : affordable ? fewestRounds : roundsAtBothEnds;
  const limit = affordable ? mostRounds : roundsAtBothEnds;
  measurement.sizer.restart(leaks ? roundOfLeakMs : roundMs);
  const startedMs = measurement.elapsedMs;
  const furtherMs = Math.max(leastTimeMs, startedMs * timeShare);
  for (let round = 0; round < limit; round += 1) {
    const ended = measurement.limitReached();
    if (ended === 'interrupted' || ended === 'rounds') return;
    const isFurther = round >= rounds;
    const spentMs = measurement.elapsedMs - startedMs;
    const mostMs = isFurther ? furtherMs : Math.max(furtherMs, fewestRoundsMs);
    if (spentMs > Math.min(mostMs, limitMs) || (isFurther && !undecided())) return;
    const count = () => counter.count();
    const usual = leaks ? undefined : leastRound(measurement);
    const cycles = isFurther ? longerRound(measurement, round - rounds) : usual;
    await measurement.round('census', cycles === undefined ? { count } : { count, cycles });
  }
}

/** @returns undefined where rounds are as long already, or would take too long */
function leastRound({ sizer, cyclesPerSecond }: Measurement): number | undefined {
  const isSmall = sizer.meanCycles < fewestCycles && cyclesPerSecond * longestRoundMs >= fewestCycles * 1_000;
  return isSmall ? fewestCycles : undefined;
}

/** What short rounds leave undecided is rare: each further round drives more cycles, as long as it takes a moment. */
function longerRound({ sizer, cyclesPerSecond }: Measurement, further: number): number {
  const most = Math.max(sizer.meanCycles, (cyclesPerSecond * longestRoundMs) / 1_000);
  return Math.ceil(Math.min(most, sizer.meanCycles * growthOfRounds ** (further + 1)));
}
