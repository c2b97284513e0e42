import { isLeakingGrowth } from '../../model/finding.js';
import { metricDefinition } from '../../model/metric.js';
import { bytesPerMebibyte } from '../../model/units.js';
import { judge } from '../judge.js';
import { assess } from './assess.js';
import type { ObservedTarget, Plan } from './experiment.js';

/** Above this much live heap a census takes seconds; then it is taken at both ends only. */
const heapBytesMax = 64 * bytesPerMebibyte;
const roundsMin = 14;
/** Beside a leak only the growing classes matter, and those show in fewer. */
const roundsOfLeakMin = 9;
const roundsMax = 40;
const roundMs = 150;
const roundOfLeakMs = 60;
const roundsAtBothEnds = 3;
/** In the fewest rounds, what never grew is then certified to a fifth of a thing a cycle, which is the least that passes. */
const cyclesMin = 7;
/** The later half of the cycles then lies in six floors; in less than four, no growth can be shown. */
const growthOfRounds = 1.12;
const furtherRoundMsMax = 1_000;
/** Beyond the fewest rounds, counting may take this part of the time that measuring took, and no less than a moment. */
const timeShare = 0.3;
const timeMsMin = 6_000;
/**
 * How many cycles would decide is an estimate from few floors. Requests that swung by hundreds of objects wanted 64 times the
 * cycles that they had, and 26 further rounds in 20 s to 50 s decided none of them.
 */
const outOfReach = 8;
/** The fewest rounds may take as long as measuring took, and no less than this: without them, what is counted stays open. */
const roundsMsMin = 15_000;

/** Whether the objects of the target can be counted within a moment. */
export function isCountable({ timers, lastFloor }: Pick<ObservedTarget, 'timers' | 'lastFloor'>): boolean {
  return timers !== undefined && (lastFloor.heapUsed ?? 0) <= heapBytesMax;
}

/** How many of the most rounds are kept for the census, so that a run of few rounds counts too. */
export function roundsForCensus(roundsMax: number): number {
  return Math.min(roundsMin, Math.floor(roundsMax / 3));
}

/** Read in the rounds of the census and in no other. */
export function isOnlyCounted(metric: string): boolean {
  return metricDefinition(metric)?.readIn === 'census';
}

/**
 * Rounds whose floors count every live object. They come last: counting disturbs byte readings.
 * @param limitMs how long counting may take
 */
export function* censusRounds(target: ObservedTarget, limitMs = Number.POSITIVE_INFINITY): Plan {
  const leaks = judge(target.run).findings.some(isLeakingGrowth);
  const affordable = isCountable(target);
  // A few counts decide nothing; beside a leak, whose heap is large, they are not worth the time they take.
  if (leaks && !affordable) return;
  const rounds = leaks ? roundsOfLeakMin : affordable ? roundsMin : roundsAtBothEnds;
  yield { do: 'shorten-rounds', roundMs: leaks ? roundOfLeakMs : roundMs };
  const startedMs = target.elapsedMs;
  const furtherMs = Math.max(timeMsMin, startedMs * timeShare);
  let furtherFromMs = startedMs;
  for (let round = 0; round < (affordable ? roundsMax : roundsAtBothEnds); round += 1) {
    if (target.limit === 'interrupted' || target.limit === 'rounds') return;
    const isFurther = round >= rounds;
    if (round === rounds) furtherFromMs = target.elapsedMs;
    const isOver = isFurther
      ? target.elapsedMs - furtherFromMs > furtherMs
      : target.elapsedMs - startedMs > Math.max(startedMs, roundsMsMin);
    const open = isFurther ? openCount(target, furtherMs) : undefined;
    if (isOver || target.elapsedMs - startedMs > limitMs || (isFurther && open === undefined)) return;
    const usual = leaks ? undefined : roundMin(target, Math.max(startedMs, roundsMsMin));
    const cycles = open === 'rare' ? longerRound(target, round - rounds) : usual;
    yield { do: 'drive', counts: true, cycles };
  }
}

/**
 * The fewest rounds that show a leak of what is counted, while the target is still driven. They name their cycles, so that
 * the rounds that follow are as long as before.
 */
export function* firstCount(target: ObservedTarget): Plan {
  const fitting = Math.ceil((target.cyclesPerSecond * roundOfLeakMs) / 1_000);
  const cycles = Math.max(1, Math.min(target.cyclesPerRound, fitting));
  for (let round = 0; round < roundsMin && isCountable(target); round += 1) {
    if (target.isOver || target.limit !== undefined || judge(target.run).findings.some(isLeakingGrowth)) return;
    yield { do: 'drive', counts: true, cycles };
  }
}

/**
 * What further rounds may decide within the time that is left for them: what is rare, or what climbs and drops as the heap
 * does, of which a few teeth show the floor. What else swings would take many times as long; a rest shows it at once.
 */
function openCount({ run, cycles, cyclesPerSecond }: ObservedTarget, leftMs: number): 'rare' | 'in teeth' | undefined {
  const progress = assess(run);
  if (progress.state !== 'continue') return undefined;
  const within = outOfReach * (cycles + (cyclesPerSecond * leftMs) / 1_000);
  const findings = progress.judgement?.findings ?? [];
  const open = findings.filter(({ metric }) => isOnlyCounted(metric) && progress.undecided.includes(metric));
  if (open.some(({ cyclesToDecide = 0 }) => cyclesToDecide <= within)) return 'rare';
  const heapInTeeth = findings.some(({ metric, shape }) => metric === 'heapUsed' && shape === 'sawtooth');
  return open.length > 0 && heapInTeeth ? 'in teeth' : undefined;
}

/** @returns undefined where rounds are as long already, or where so many would take longer than they may */
function roundMin({ cyclesPerRound, cyclesPerSecond }: ObservedTarget, maxMs: number): number | undefined {
  const isSmall = cyclesPerRound < cyclesMin && (cyclesPerSecond / 1_000) * maxMs >= roundsMin * cyclesMin;
  return isSmall ? cyclesMin : undefined;
}

/** What short rounds leave undecided is rare: each further round drives more cycles, as long as it takes a moment. */
function longerRound({ cyclesPerRound, cyclesPerSecond }: ObservedTarget, further: number): number {
  const most = Math.max(cyclesPerRound, (cyclesPerSecond * furtherRoundMsMax) / 1_000);
  return Math.ceil(Math.min(most, cyclesPerRound * growthOfRounds ** (further + 1)));
}
