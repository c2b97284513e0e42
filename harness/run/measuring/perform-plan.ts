import type { Experiment, ObservedTarget, Plan, TimerCounts } from '../../analyse/next/experiment.js';
import type { MetricValues } from '../../model/agent-protocol.js';
import type { StoredRun } from '../../model/run-log.js';
import type { RunEnd } from '../../model/verdict.js';
import type { Clock } from '../../platform/clock.js';
import type { ObjectCounter } from './object-counter.js';
import type { TimerReader } from './pending-timers.js';
import type { Recorder } from './recorder.js';
import type { Measurement } from './rounds.js';
import type { TargetClock } from './target-clock.js';
import type { TimeLimit } from './time-limit.js';

/** How often it is looked whether connections are idle while something else is waited for. */
const useEveryMs = 400;

export interface PlannedTargetParts {
  readonly measurement: Measurement;
  readonly recorder: Pick<Recorder, 'soFar' | 'cycles' | 'elapsedMs'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Absent where the run takes as long as it needs. */
  readonly limit?: TimeLimit | undefined;
  /** Absent where live objects cannot be counted. */
  readonly counter?: ObjectCounter | undefined;
  /** Absent where timers cannot be read. */
  readonly timers?: TimerReader | undefined;
  /** Absent where the target's own clock cannot be moved on. */
  readonly targetClock?: TargetClock | undefined;
  /** Notified of how much of a rest is left, after each reading of the resting target, and of `undefined` when it is over. */
  readonly onRest: (leftMs: number | undefined) => void;
  /** Resolves when nothing else is under way. */
  readonly untilAlone?: () => Promise<void>;
}

/** A target as plans see it, and with which their experiments are performed. */
export class PlannedTarget implements ObservedTarget {
  private isResting = false;

  constructor(private readonly parts: PlannedTargetParts) {}

  get run(): StoredRun {
    return this.parts.recorder.soFar();
  }

  get cycles(): number {
    return this.parts.recorder.cycles;
  }

  get cyclesPerSecond(): number {
    return this.parts.measurement.cyclesPerSecond;
  }

  get cyclesPerRound(): number {
    return this.parts.measurement.sizer.meanCycles;
  }

  get elapsedMs(): number {
    return this.parts.recorder.elapsedMs;
  }

  get leftMs(): number {
    return this.parts.limit?.leftMs ?? Number.POSITIVE_INFINITY;
  }

  get lastFloor(): MetricValues {
    return this.parts.measurement.lastFloor;
  }

  get timers(): TimerCounts | undefined {
    return this.parts.counter;
  }

  get clockMovedMs(): number | undefined {
    return this.parts.targetClock?.movedMs;
  }

  get isOver(): boolean {
    return this.parts.signal.aborted;
  }

  get limit(): RunEnd | undefined {
    return this.parts.measurement.limitReached();
  }

  /** Does what the plan asks for, until it asks for nothing more. @returns what the plan has found */
  async perform<Found>(plan: Plan<Found>): Promise<Found> {
    for (;;) {
      const step = plan.next();
      const rests = !step.done && (step.value.do === 'rest' || step.value.do === 'move-clock');
      if (!rests) this.endRest();
      if (step.done) return step.value;
      await this.do(step.value);
    }
  }

  private async do(experiment: Experiment): Promise<void> {
    const { measurement, timers, counter } = this.parts;
    switch (experiment.do) {
      case 'drive':
        return this.drive(experiment);
      case 'rest':
        return this.rest(experiment);
      case 'move-clock':
        return this.moveClock(experiment.byMs);
      case 'shorten-rounds':
        return measurement.sizer.restart(experiment.roundMs);
      case 'count':
        return counter === undefined ? undefined : measurement.countAtRest(() => counter.count());
      case 'read-timers':
        return timers?.read();
    }
  }

  private async drive({ cycles, counts, alone, clockMovesMs }: Extract<Experiment, { do: 'drive' }>): Promise<void> {
    const { measurement, counter, untilAlone, targetClock } = this.parts;
    if (alone && untilAlone !== undefined) await this.inUse(untilAlone());
    if (clockMovesMs !== undefined) await targetClock?.moveOn(clockMovesMs);
    const count = counts && counter !== undefined ? () => counter.count() : undefined;
    await measurement.round(counts ? 'census' : 'reload', {
      ...(cycles !== undefined && { cycles }),
      ...(count !== undefined && { count }),
    });
  }

  /** Uses the target's connections until something else has ended. */
  private async inUse(other: Promise<void>): Promise<void> {
    const { measurement, clock } = this.parts;
    const ended = new AbortController();
    const waited = other.finally(() => ended.abort());
    while (!ended.signal.aborted) {
      await clock.wait(useEveryMs, ended.signal);
      if (!ended.signal.aborted) await measurement.useConnections();
    }
    await waited;
  }

  private async rest({ forMs, leftMs }: Extract<Experiment, { do: 'rest' }>): Promise<void> {
    const { measurement, clock, signal, onRest } = this.parts;
    this.isResting = true;
    if (forMs > 0) await clock.wait(forMs, signal);
    if (forMs > 0 && !signal.aborted) await measurement.useConnections();
    await measurement.floor('rest');
    onRest(leftMs);
  }

  private async moveClock(byMs: number): Promise<void> {
    const { measurement, targetClock, onRest } = this.parts;
    if (targetClock === undefined) return;
    this.isResting = true;
    await targetClock.moveOn(byMs);
    await measurement.floor('rest');
    onRest(0);
  }

  private endRest(): void {
    if (this.isResting) this.parts.onRest(undefined);
    this.isResting = false;
  }
}
