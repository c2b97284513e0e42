import { duration, significant } from '../../analyse/findings/quantity.js';
import { clockMsPerRound } from '../../analyse/next/clock-jumps.js';
import type { RunParameters } from '../../model/run-log.js';
import { msPerDay, msPerHour } from '../../model/units.js';
import type { Clock } from '../../platform/clock.js';
import { seededRandom } from '../../platform/random.js';
import type { Recorder } from './recorder.js';
import type { TargetClock } from './target-clock.js';

const hoursADay = 24;
/** Least at four in the morning and most at four in the afternoon: services that people use are busiest then. */
const usualLoad = Array.from(
  { length: hoursADay },
  (_, hour) => 1 - 0.75 * Math.cos(((hour - 4) / hoursADay) * 2 * Math.PI),
);

export interface VirtualDaysParts {
  readonly session: { readonly clock: TargetClock | undefined };
  readonly parameters: Pick<RunParameters, 'days'>;
  readonly seed: number;
  readonly clock: Clock;
  readonly hourlyLoad?: readonly number[] | undefined;
}

/** Days of the target's own clock, which is moved on between rounds: what is due by the hour or at midnight runs as often. */
export class VirtualDays {
  private readonly startedMs: number;
  private readonly relativeLoad: readonly number[];
  private readonly hourOf: (epochMs: number) => number;
  private firedByMs: TargetClock['firedByMs'];

  private constructor(
    private readonly days: number,
    private readonly targetClock: TargetClock,
    private readonly clock: Clock,
    private readonly seed: number,
    load: readonly number[],
  ) {
    this.startedMs = targetClock.movedMs;
    this.hourOf = hoursIn(targetClock.timeZone);
    const mean = load.reduce((sum, part) => sum + part, 0) / load.length;
    this.relativeLoad = load.map((part) => part / mean);
  }

  /** @returns undefined where the run drives none */
  static of({ session, parameters, seed, clock, hourlyLoad = usualLoad }: VirtualDaysParts): VirtualDays | undefined {
    if (parameters.days === undefined || session.clock === undefined) return undefined;
    return new VirtualDays(parameters.days, session.clock, clock, seed, hourlyLoad);
  }

  /** Of the present hour of the target, as a multiple of the day's mean. */
  get load(): number {
    return this.relativeLoad[this.hourOf(this.clock.epochMs() + this.targetClock.movedMs)]!;
  }

  get areOver(): boolean {
    return this.leftMs <= 0;
  }

  private get leftMs(): number {
    return this.startedMs + this.days * msPerDay - this.targetClock.movedMs;
  }

  /** Lets the time of a round go by. */
  async goOn(round: number): Promise<void> {
    const byMs = Math.round(clockMsPerRound * (0.5 + seededRandom(this.seed, 'days', round)()));
    // Rounds that count objects come after the last day.
    await this.targetClock.moveOn(this.areOver ? byMs : Math.min(byMs, Math.ceil(this.leftMs)));
    this.firedByMs = { ...this.targetClock.firedByMs };
  }

  /** Shows whether all of them went by, and how often timers fired meanwhile. */
  audit(recorder: Pick<Recorder, 'audit'>): void {
    const wanted = duration(this.days * hoursADay);
    const passed = duration((this.targetClock.movedMs - this.startedMs) / msPerHour);
    const extent = this.areOver
      ? `${wanted} of the target's clock went by`
      : `only ${passed} of ${wanted} of the target's clock went by: a longer --duration, or more --rounds, lets all go by`;
    recorder.audit('days', this.areOver, `${extent}${firedText(this.firedByMs)}`);
  }
}

/** Hours of the day, 0 to 23, in a time zone: plateau's own where there is none, or Node does not know it. */
function hoursIn(timeZone: string | undefined): (epochMs: number) => number {
  const hourOfDay = { hour: 'numeric', hourCycle: 'h23' } as const;
  let format = new Intl.DateTimeFormat('en', hourOfDay);
  try {
    format = new Intl.DateTimeFormat('en', { ...hourOfDay, timeZone });
  } catch {
    // Such as `:/etc/localtime`, which the C library reads.
  }
  return (epochMs) => Number(format.format(epochMs));
}

const durationsShown = 4;

/** `; timers fired: 24 of 1 h, 288 of 5 min`, those that were set for longest first. */
function firedText(firedByMs: TargetClock['firedByMs']): string {
  if (firedByMs === undefined) return '';
  const fired = Object.entries(firedByMs).sort(([one], [other]) => Number(other) - Number(one));
  if (fired.length === 0) return '; no timer fired in it';
  const shown = fired
    .slice(0, durationsShown)
    .map(([ms, times]) => `${significant(times)} of ${duration(Number(ms) / msPerHour)}`);
  const rest = fired.slice(durationsShown).reduce((sum, [, times]) => sum + times, 0);
  return `; timers fired: ${[...shown, ...(rest > 0 ? [`${significant(rest)} of less`] : [])].join(', ')}`;
}
