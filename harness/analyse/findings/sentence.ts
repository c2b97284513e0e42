import type { RunParameters } from '../../model/run-log.js';
import { msPerDay, msPerHour } from '../../model/units.js';
import type { Decision } from '../decide/decision.js';
import type { Tolerance } from '../decide/tolerance.js';
import type { Drain } from '../series/draining.js';
import type { PendingRelease } from '../series/pending-timers.js';
import { type Bounded, scaled } from '../statistics/combined-intervals.js';
import { duration, quantity, significant } from './quantity.js';
import type { Description } from './shape.js';

export interface Subject {
  readonly decision: Decision;
  readonly description: Description;
  readonly tolerance: Tolerance;
  /** What the slope is per: an operation's name, `cycle` or `hour`. */
  readonly per: string;
  /** Several operations that it goes with, where none stands out. */
  readonly causes?: readonly string[];
  /** In the unit of `per`. */
  readonly slope: Bounded;
  /** The command that repeats the run. */
  readonly rerun: string;
  /** Whether the target ran already: plateau cannot move its clock on. */
  readonly isAttached: boolean;
  /** Any other runtime may ask the kernel for the time, as Go does: then nothing moves its clock on. */
  readonly runsNode: boolean;
  /** How the inputs were drawn and the target's clock was moved on. Where days went by in minutes, an hour had fewer cycles than the service has. */
  readonly parameters: Pick<RunParameters, 'virtualTime' | 'days' | 'universe'>;
  /** Speed of the run, by the target's clock; absent where it is unknown. */
  readonly cyclesPerHour?: number;
  /** Cycles that would have filled a smaller cache; absent where it can be none, or where limits of collections are read. */
  readonly cyclesWithoutFill?: number;
}

/** One sentence that a person understands; the metric's name comes before it. */
export function sentenceOf(subject: Subject): string {
  const { decision } = subject;
  if (decision.bound !== undefined) return boundSentence(subject, decision.bound);
  if (decision.state === 'leak') return leakSentence(subject);
  return decision.state === 'plateau' ? plateauSentence(subject) : undecidedSentence(subject);
}

/** More are counted: the report lists all of them. */
const causesNamed = 2;

function causesText(causes: readonly string[]): string {
  if (causes.length === 0) return '';
  const named = causes.slice(0, causes.length > causesNamed ? 1 : causesNamed).join(' and ');
  return causes.length > causesNamed ? ` in ${named} and ${causes.length - 1} other operations` : ` in ${named}`;
}

function leakSentence(subject: Subject): string {
  const { slope, tolerance, per, causes = [], description, cyclesPerHour, parameters, cyclesWithoutFill } = subject;
  const amount = `${quantity(Math.abs(slope.estimate), tolerance.unit)} per ${per}${causesText(causes)}`;
  if (description.shape === 'falling') return `falls by ${amount}, steadily: it runs dry`;
  const how = description.shape === 'accelerating' ? 'ever faster' : 'steadily';
  const until = tolerance.limit.amount / slope.estimate;
  const limit = tolerance.unit === 'B' ? tolerance.limit.name : `${tolerance.limit.name} ${tolerance.unit}`;
  if (per === 'hour') return `grows by ${amount}, ${how}; ${limit} after ${duration(until)}`;
  const time =
    cyclesPerHour === undefined || parameters.days !== undefined
      ? ''
      : `, ${duration(until / cyclesPerHour)} at this rate`;
  const unfilled =
    cyclesWithoutFill === undefined
      ? ''
      : `; if it is a cache, ${significant(cyclesWithoutFill)} cycles${parameters.universe === 'fresh' ? ' with ever-new inputs' : ''} have not filled it`;
  return `grows by ${amount}, ${how}; ${limit} after ${significant(until)} cycles${time}${unfilled}`;
}

/** Of the budget: a bound of less says no more. It is zero or an error of the arithmetic, as in 125 sentences of 710 runs. */
const shownShareMin = 0.001;

function plateauSentence(subject: Subject): string {
  const { decision, description, slope, tolerance, per } = subject;
  const rate = (value: number) => `${quantity(value, tolerance.unit)} per ${per}`;
  const within = `within the budget of ${rate(decision.budget)}`;
  const most = `less than ${rate(Math.max(slope.high, decision.budget * shownShareMin))}, ${within}`;
  const { saturation, step, periodCycles } = description;
  if (decision.release?.kept !== undefined)
    return `${keptSentence(subject, decision.release.kept, decision.release.withinMs)}; what stays grows by ${most}`;
  if (decision.release !== undefined)
    return `grows while it is driven, and is given back within ${inSeconds(decision.release.withinMs)} of rest; what stays grows by ${most}`;
  if (saturation !== undefined)
    return `levels off at ${quantity(saturation.level, tolerance.unit)} after ${significant(saturation.atCycles)} cycles; since then ${most}`;
  if (description.shape === 'step' && step !== undefined)
    return `stepped by ${quantity(step.height, tolerance.unit)} at ${significant(step.atCycles)} cycles and stays; besides ${most}`;
  if (periodCycles !== undefined)
    return `rises and drops back every ${significant(periodCycles)} cycles; its floor grows by ${most}`;
  if (description.shape !== 'linear') return `stays: ${most}`;
  const isSharp = rate(slope.estimate) === rate(slope.high);
  return `grows by ${rate(slope.estimate)}, ${isSharp ? within : most}`;
}

function undecidedSentence(subject: Subject): string {
  const { decision, description, slope, tolerance, per } = subject;
  const rate = (value: number) => `${quantity(value, tolerance.unit)} per ${per}`;
  const { cyclesToDecide } = decision;
  const cure =
    cyclesToDecide === undefined ? 'run longer' : `about ${significant(cyclesToDecide)} cycles in all would decide`;
  switch (decision.doubt) {
    case 'readings':
      return `could not be read at most of the last floors; it was read at ${decision.floors} in all`;
    case 'floors':
      return `is not judged: ${decision.floors === 1 ? '1 floor is' : `${decision.floors} floors are`} too few; ${cure}`;
    case 'still':
      return `cannot be judged by the cycle: the cycles of its ${decision.floors} floors do not move, or not in the later half of them; in a table, --x names the column that counts them`;
    case 'released':
      return decision.release === undefined ? cure : releasedSentence(decision.release, cure);
    case 'draining':
      return decision.drain === undefined ? cure : drainSentence(rate(slope.estimate), slope.estimate, decision.drain);
    case 'due':
      return decision.expiring === undefined
        ? dueSentence(subject, decision.pending!)
        : expiringSentence(subject, decision.expiring);
    case 'passing':
      return `grows by ${rate(slope.estimate)} while it is counted, which the heap does not: kept for a time, it seems; ${cure}`;
    case 'bounded':
      return decision.capacity === undefined ? cure : capacitySentence(rate(slope.estimate), decision.capacity, cure);
    case 'freed':
      return `grows by ${rate(slope.estimate)} from one forced collection to the next, but heap snapshots find nothing that stays: V8 frees it when it needs room, it seems`;
    case 'short':
      return `too few cycles for a budget below ${rate(decision.budget)}; ${cure}`;
    case 'filling':
      return per === 'hour'
        ? `grows by ${rate(slope.estimate)}, steadily so far: a leak, or a window over time that still fills; run longer`
        : `grows by ${rate(slope.estimate)}, steadily so far: a leak, or a cache that still fills; ${cure}`;
    case 'decelerating': {
      const level = description.saturation;
      const goal = level === undefined ? 'it may level off' : `it goes to ${quantity(level.level, tolerance.unit)}`;
      return `still grows by ${rate(slope.estimate)}, ever slower: ${goal}; ${cure}`;
    }
    case 'below':
      return `grows by ${rate(slope.estimate)} for sure, less than the default budget of ${rate(decision.budget)}; only a \`--budget\` of your own lets lasting growth pass`;
    case 'warm-up':
      return `grows by ${rate(slope.estimate)}, above the budget of ${rate(decision.budget)}, but by no more so far than a warm-up or a step explains; ${cure}`;
    default:
      return `between ${rate(slope.low)} and ${rate(slope.high)}, around the budget of ${rate(decision.budget)}; ${cure}`;
  }
}

function capacitySentence(
  rate: string,
  { holder, name, entries, reached }: NonNullable<Decision['capacity']>,
  cure: string,
): string {
  const filled = `${significant(reached)} of ${significant(entries)} entries`;
  return `grows by ${rate} while ${holder} fills: about ${filled} that its \`${name}\` allows; ${cure}`;
}

/** Half of what went at rest makes a backlog no longer, although its entries may differ in size. */
const rateShare = 0.5;

function drainSentence(rate: string, perCycle: number, { restMs, bytesPerMs, emptyAfterMs }: Drain): string {
  const cyclesPerSecond = Math.max(1, Math.floor((rateShare * 1_000 * bytesPerMs) / perCycle));
  const backlog = `it seems to be a backlog, which would be empty after about ${inSeconds(emptyAfterMs)}`;
  return `grows by ${rate} while it is driven, and memory still fell after ${inSeconds(restMs)} of rest: ${backlog}; to decide, drive no more than the target works off, such as with \`--rate ${cyclesPerSecond}\``;
}

/** Names the timer that may take away what grew, and the run that would show whether it does. */
function dueSentence(subject: Subject, pending: PendingRelease): string {
  const { slope, tolerance, per } = subject;
  const { place, everyMs, dueMs, collection, entries } = pending;
  const timer = everyMs === undefined ? 'the timer' : `the interval of ${inSeconds(everyMs)}`;
  const amount = `${quantity(slope.estimate, tolerance.unit)} per ${per}`;
  const kept = `${timer} at ${place} may take it out of \`${collection}\` (${quantity(entries, 'entries')})`;
  return `grows by ${amount} so far; ${kept}, within ${inSeconds(dueMs)}; ${timeCure(subject, dueMs)}`;
}

/** Names the time that entries are kept for, and the run that would show whether they go. */
function expiringSentence(subject: Subject, { holder, name, inMs }: NonNullable<Decision['expiring']>): string {
  const { slope, tolerance, per } = subject;
  const amount = `${quantity(slope.estimate, tolerance.unit)} per ${per}`;
  const time = inMs === undefined ? `a time, \`${name}\`` : `${inSeconds(inMs)} by \`${name}\``;
  return `grows by ${amount} so far; entries of ${holder} are kept for ${time}, and may go then; ${timeCure(subject, inMs)}`;
}

/** What shows whether that which is kept for a time goes; a clock that was moved on was not moved far enough. */
function timeCure({ rerun, isAttached, runsNode, parameters }: Subject, dueMs = 0): string {
  if (isAttached) return 'to decide, let plateau start the target, with `--virtual-time`';
  const command = rerun.replace(/ --seed \d+$/, '');
  const instead = runsNode ? '' : 'keep them for less than a minute, or, except in Go, ';
  if (!parameters.virtualTime) return `to decide, ${instead}run \`${command} --virtual-time\``;
  const days = Math.floor(dueMs / msPerDay) + 1;
  return `to decide, run \`${command.replace(/ --days \S+/, '')} --days ${days}\``;
}

/** What is kept for a time at a speed, in the unit of the slope. */
export function levelOf(perCycle: Bounded, keptMs: number, cyclesPerHour: number): Bounded {
  return scaled(perCycle, (keptMs / msPerHour) * cyclesPerHour);
}

/** `is kept for 30 min, then released: 41 MiB at 100 cycles per second`. */
function keptSentence({ tolerance, cyclesPerHour }: Subject, kept: Bounded, keptMs: number): string {
  const duration = `is kept for ${inSeconds(keptMs)}, then released`;
  if (cyclesPerHour === undefined) return duration;
  const level = levelOf(kept, keptMs, cyclesPerHour);
  const [estimate, low, high] = [level.estimate, level.low, level.high].map((amount) =>
    quantity(amount, tolerance.unit),
  );
  return `${duration}: ${estimate} (${low} to ${high}) at ${significant(cyclesPerHour / 3_600)} cycles per second`;
}

function releasedSentence({ share, withinMs }: NonNullable<Decision['release']>, cure: string): string {
  const given = `${Math.round(100 * share)} % of its growth was given back within ${inSeconds(withinMs)} of rest`;
  return `${given}: kept for a time, and perhaps some of it for good; ${cure}, or set \`settle.afterMs\` to that time`;
}

function inSeconds(durationMs: number): string {
  return duration(durationMs / msPerHour);
}

function boundSentence({ decision, tolerance }: Subject, bound: NonNullable<Decision['bound']>): string {
  const { unit } = tolerance;
  return decision.state === 'leak'
    ? `reached ${quantity(bound.reached, unit)} and stays above its bound of ${significant(bound.most)}`
    : `stays within its bound of ${quantity(bound.most, unit)} (at most ${significant(bound.reached)})`;
}
