import type { Attribution, Manifest } from '../../model/run-log.js';
import type { RunOptions } from '../../model/run-options.js';
import type { Finding } from '../../model/run-record.js';
import { type Clock, systemClock } from '../../platform/clock.js';
import { runFiles } from '../../store/run-layout.js';
import type { RunStore } from '../../store/run-store.js';
import { firstCycleOf } from './first-cycle.js';
import { LiveProgress } from './live-progress.js';
import type { PlannedTargetParts } from './perform-plan.js';
import { Recorder } from './recorder.js';
import type { Sizer } from './round-sizer.js';
import { Measurement } from './rounds.js';
import { openSession, type Session } from './session.js';
import type { SessionSource } from './session-source.js';
import type { TimeLimit } from './time-limit.js';

/** Null rounds at a time. */
const nullRounds = 4;

export interface MeasurePlan {
  readonly source: SessionSource;
  readonly manifest: Manifest;
  readonly store: RunStore;
  readonly options: RunOptions;
  /** @defaultValue a sizer of its own */
  readonly sizer?: Sizer;
  /** How long the pass may take in all. @defaultValue what follows driving takes as long as it needs */
  readonly limit?: TimeLimit;
  /** Looks for the cause while a target that leaks rests, where a second one can run beside it. Must not throw. */
  readonly whileResting?: (found: FoundLeak) => Promise<Attribution | undefined>;
  /** Takes no time for rounds that count live objects; the timers are counted before the first cycle and after the last one. */
  readonly isBrief?: boolean;
}

/** A leak as it is found, before the target that shows it has ended. */
export interface FoundLeak {
  readonly findings: readonly Finding[];
  /** Those of the whole run, once live objects were counted. */
  readonly laterFindings: Promise<readonly Finding[]>;
  readonly load: MeasuredLoad;
  /** Aborted when there is no time left to look for its cause. */
  readonly signal: AbortSignal;
  /** Aborted when the target is driven on, or time gave back what seemed to leak: what was gathered by then must do. */
  readonly enough: AbortSignal;
}

/** How much was driven, and how long that took without settling. */
export interface MeasuredLoad {
  readonly cycles: number;
  readonly rounds: number;
  readonly driveMs: number;
  /** CPU of the target meanwhile; 0 where that is not known. */
  readonly targetCpuMs: number;
}

/** What a measuring pass works with from the start of its target to its end. */
export interface PassParts extends MeasurePlan {
  readonly session: Session;
  readonly recorder: Recorder;
  readonly measurement: Measurement;
  readonly live: LiveProgress;
  readonly clock: Clock;
  /** Aborted when the run is interrupted, or its target has ended. */
  readonly signal: AbortSignal;
  readonly stop: AbortController;
}

/** Starts the target. @throws {PlateauError} `PLATEAU_TARGET_START`, `PLATEAU_INVALID_SCENARIO` */
export async function openParts(plan: MeasurePlan): Promise<PassParts> {
  const { source, manifest, store, options } = plan;
  const clock = systemClock;
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const live = new LiveProgress(options.listener, { scenario: manifest.scenario, runId: manifest.id });
  live.show({ round: 0, cycles: 0, failed: 0, cyclesPerSecond: 0, elapsedMs: 0 });
  const { id, defects, seed, parameters } = manifest;
  const session = await openSession({
    source,
    runId: id,
    defects,
    seed,
    parameters,
    logPath: store.pathFor(runFiles.targetLog),
    purpose: 'measure',
    attachedFirstCycle: firstCycleOf(manifest.startedAt),
    warn: (message) => store.writeEvent({ event: 'warning', message }),
    signal,
    ...(options.stallMs !== undefined && { stallMs: options.stallMs }),
  });
  const recorder = new Recorder(store, manifest, clock);
  const measurement: Measurement = new Measurement({
    session,
    parameters,
    seed,
    recorder,
    clock,
    signal,
    hourlyLoad: source.kind === 'definition' ? source.scenario.hourlyLoad : undefined,
    assumesUniverse: source.kind === 'definition' && source.scenario.universe === undefined,
    ...(plan.sizer !== undefined && { sizer: plan.sizer }),
    onStage: (stage) => {
      live.stage = stage;
      showProgress({ live, recorder, measurement });
    },
  });
  return { ...plan, session, recorder, measurement, live, clock, signal, stop };
}

export function showProgress({
  live,
  recorder,
  measurement,
}: Pick<PassParts, 'live' | 'recorder' | 'measurement'>): void {
  const { round, cycles, failed, elapsedMs } = recorder;
  live.show({ round, cycles, failed, elapsedMs, cyclesPerSecond: measurement.cyclesPerSecond });
}

/** What plans need of a pass, whose experiments end with the run's time. */
export function plannedPartsOf(parts: PassParts): PlannedTargetParts {
  const { measurement, recorder, clock, signal, limit, live } = parts;
  return {
    measurement,
    recorder,
    clock,
    limit,
    signal: limit === undefined ? signal : AbortSignal.any([signal, limit.signal]),
    onRest: (leftMs) => {
      live.restLeftMs = leftMs;
      live.addFloor(measurement.lastFloor);
      showProgress(parts);
    },
  };
}

export function loadOf({ recorder: { cycles, round, driveMs, targetCpuMs } }: PassParts): MeasuredLoad {
  return { cycles, rounds: round, driveMs, targetCpuMs };
}

/** Rounds without cycles show what reading costs. */
export async function driveNullRounds({ measurement }: Pick<PassParts, 'measurement'>): Promise<void> {
  for (let index = 0; index < nullRounds; index += 1) await measurement.nullRound();
}
