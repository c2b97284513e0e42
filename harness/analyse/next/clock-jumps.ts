import type { Finding } from '../../model/run-record.js';
import { msPerDay, msPerHour, msPerMinute } from '../../model/units.js';
import type { ObservedTarget, Plan } from './experiment.js';

/**
 * How far the clock of a resting target is moved on in all, from one reading to the next: times to live are minutes, half an
 * hour, an hour and a day, and who sweeps comes by an hour later.
 */
const stopsMs: readonly number[] = [
  msPerMinute,
  2 * msPerMinute,
  6 * msPerMinute,
  16 * msPerMinute,
  31 * msPerMinute,
  62 * msPerMinute,
  3 * msPerHour,
  8 * msPerHour,
  16 * msPerHour,
  25 * msPerHour,
  26 * msPerHour,
];
/**
 * Goes by in a round on average where days of the target's clock are driven, half to one and a half of it: what runs each
 * hour runs in other rounds than what follows, and growth by time is distinguished from growth by sampling.
 */
export const clockMsPerRound = msPerHour / 4;
/** Readings between the stops where something went: so finely its time to live becomes known. */
const finerStops = 24;

/** Between which of the clock's readings what grew went, ms since the target rests. */
export interface SeenGoing {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * @param seen what an earlier rest showed: there the stops are closer to each other
 * @param days of the target's clock that were driven: what is kept for as long is to go too
 */
export function jumpStops(seen: SeenGoing | undefined, days = 1): readonly number[] {
  const further: number[] = [];
  for (let day = 2; day < 2 * days; day *= 2) further.push(day * msPerDay + 2 * msPerHour);
  const stops = [...stopsMs, ...further];
  if (seen === undefined) return stops;
  const stepMs = (seen.untilMs - seen.fromMs) / finerStops;
  const finer = Array.from({ length: finerStops }, (_, step) => Math.round(seen.fromMs + (step + 1) * stepMs));
  return [...stops.filter((stop) => stop <= seen.fromMs), ...finer, ...stops.filter((stop) => stop > seen.untilMs)];
}

/** Part of the growth by which it must fall from one stop to the next: heaps fall a little by themselves. */
const fellMin = 0.05;
/** Growth of which less is left has gone: what is left of it is asked of the next rest. */
const leftMax = 0.02;

/**
 * Moves the clock of a resting target on, stop by stop, and reads it at each, until what grew has gone or a day is over.
 * @param doubtful what seems to leak
 * @returns between which stops it went; undefined where nothing did
 */
export function* moveClockOn(
  target: ObservedTarget,
  doubtful: readonly Finding[],
  seen: SeenGoing | undefined,
): Plan<SeenGoing | undefined> {
  const atFirst = target.lastFloor;
  const read = doubtful.filter(({ metric }) => atFirst[metric] !== undefined);
  const startedMs = target.clockMovedMs ?? 0;
  let before = atFirst;
  let fromMs = 0;
  let went: SeenGoing | undefined;
  for (const untilMs of jumpStops(seen, target.run.manifest.parameters.days)) {
    if (target.isOver) break;
    yield { do: 'move-clock', byMs: untilMs - ((target.clockMovedMs ?? 0) - startedMs) };
    const now = target.lastFloor;
    const shareOf = ({ metric, first, last }: Finding, values: typeof now) =>
      ((values[metric] ?? 0) - (now[metric] ?? 0)) / Math.max(last - first, 1);
    const fell = Math.max(0, ...read.map((finding) => shareOf(finding, before)));
    if (fell > fellMin) went = { fromMs: went?.fromMs ?? fromMs, untilMs };
    // What is counted at the end alone is not seen to go.
    if (read.length > 0 && read.every((finding) => isGone(finding, atFirst, now))) break;
    [before, fromMs] = [now, untilMs];
  }
  return went;
}

/** Level with where it was before it grew, or by as much below where this rest began. */
function isGone(
  { metric, first, last }: Finding,
  atFirst: Record<string, number>,
  now: Record<string, number>,
): boolean {
  const growth = Math.max(last - first, 1);
  const left = (now[metric] ?? last) - first;
  return left <= leftMax * growth && (atFirst[metric] ?? 0) > (now[metric] ?? 0);
}
