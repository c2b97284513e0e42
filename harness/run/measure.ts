import { assess } from '../analyse/assess.js';
import { PlateauError } from '../model/errors.js';
import type { Manifest, RunEnd } from '../model/run-log.js';
import type { RunOptions } from '../model/run-options.js';
import type { TargetExit } from '../model/target.js';
import { type Clock, systemClock } from '../platform/clock.js';
import type { LoadedScenario } from '../scenario/load-scenario.js';
import { runFiles } from '../store/run-layout.js';
import type { RunStore } from '../store/run-store.js';
import { runCensusRounds } from './census-rounds.js';
import { Headroom } from './headroom.js';
import { holdObjects } from './hold-objects.js';
import { checkInstrument, runPositiveControl } from './instrument-check.js';
import { LiveProgress } from './live-progress.js';
import { Measurement } from './measurement.js';
import { Recorder } from './recorder.js';
import { openSession, type Session } from './session.js';

/** Once something leaks the verdict stands; the other metrics get this much longer, so that the report is whole. */
const graceShare = 0.5;
const leastGraceMs = 2_000;
const exitTimeoutMs = 2_000;
/** Null rounds come once the first compilations are over, and again at the end. */
const nullRoundsAfter = 12;
const nullRounds = 4;

export interface MeasurePlan {
  readonly source: LoadedScenario;
  readonly manifest: Manifest;
  readonly store: RunStore;
  readonly options: RunOptions;
}

/** How much was driven, and how long that took without settling. */
export interface MeasuredLoad {
  readonly cycles: number;
  readonly rounds: number;
  readonly driveMs: number;
}

/**
 * The measuring pass: starts the target, drives it until everything is decided or a limit is reached, ends it.
 * Everything that judging needs is on disk when it returns or throws.
 */
export async function measure({ source, manifest, store, options }: MeasurePlan): Promise<MeasuredLoad> {
  const clock = systemClock;
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const live = new LiveProgress(options.listener, { scenario: manifest.scenario, runId: manifest.id });
  live.tell({ round: 0, cycles: 0, failed: 0, cyclesPerSecond: 0, elapsedMs: 0 });
  const session = await openSession({
    source,
    runId: manifest.id,
    defects: manifest.defects,
    seed: manifest.seed,
    parameters: manifest.parameters,
    logPath: store.pathFor(runFiles.targetLog),
    signal,
  });
  const recorder = new Recorder(store, manifest, clock);
  try {
    const crashed = session.target.exited.then((exit) => {
      stop.abort();
      throw crashError(exit);
    });
    const reason = await Promise.race([drive({ session, manifest, recorder, live, clock, signal }), crashed]);
    end(recorder, reason, clock);
  } catch (error) {
    if (!(await endedByTarget(error, session, recorder, clock))) throw error;
  } finally {
    stop.abort();
    live.stage = 'stopping';
    await session.close();
  }
  const { cycles, round, driveMs } = recorder;
  return { cycles, rounds: round, driveMs };
}

interface DriveParts {
  readonly session: Session;
  readonly manifest: Manifest;
  readonly recorder: Recorder;
  readonly live: LiveProgress;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function drive(parts: DriveParts): Promise<RunEnd> {
  const { session, manifest, recorder, live, clock, signal } = parts;
  const { agent } = session.target;
  const measurement: Measurement = new Measurement({
    session,
    parameters: manifest.parameters,
    seed: manifest.seed,
    recorder,
    clock,
    signal,
    onStage: (stage) => {
      live.stage = stage;
      tell(live, recorder, measurement);
    },
  });
  await checkInstrument(agent, recorder);
  const heapLimit = await agent?.request('heapLimit', {});
  const headroom = new Headroom(session.target.pid, heapLimit?.bytes);
  const reason = await driveRounds(measurement, parts, headroom);
  if (reason === 'interrupted') return reason;
  for (let index = 0; index < nullRounds; index += 1) await measurement.nullRound();
  await runPositiveControl(agent, measurement, recorder);
  if (agent?.hello.censusAvailable) await runCensusRounds(agent, measurement, () => countsUndecided(recorder));
  if (!signal.aborted) await holdObjects({ session, recorder, measurement, parameters: manifest.parameters, signal });
  auditProbes(session, recorder, measurement);
  return signal.aborted ? 'interrupted' : reason;
}

async function driveRounds(
  measurement: Measurement,
  { manifest, recorder, live }: DriveParts,
  headroom: Headroom,
): Promise<RunEnd> {
  let deadlineMs = Number.POSITIVE_INFINITY;
  for (let floors = 1; ; floors += 1) {
    await measurement.round('measure');
    live.addFloor(measurement.lastFloor);
    tell(live, recorder, measurement);
    if (floors === nullRoundsAfter) for (let index = 0; index < nullRounds; index += 1) await measurement.nullRound();
    const limit = measurement.limitReached();
    if (limit !== undefined) return limit;
    const { exhausted, tight } = headroom.observe(measurement.lastFloor);
    if (exhausted !== undefined) {
      recorder.event({
        event: 'warning',
        message: `stopped early: with more cycles the target would have run out of room for ${exhausted}`,
      });
      return 'decided';
    }
    if (tight) measurement.sizer.shrink();
    if (!manifest.parameters.untilDecided) continue;
    const progress = assess(recorder.soFar());
    if (progress.state === 'decided') return 'decided';
    if (progress.leaking !== undefined && progress.leaking.length > 0) {
      deadlineMs = Math.min(deadlineMs, recorder.elapsedMs + Math.max(leastGraceMs, recorder.elapsedMs * graceShare));
    }
    if (recorder.elapsedMs >= deadlineMs) return 'decided';
    live.undecided = progress.undecided;
    live.cyclesWanted = progress.cyclesWanted;
  }
}

function countsUndecided(recorder: Recorder): boolean {
  const progress = assess(recorder.soFar());
  return (
    progress.state === 'continue' && progress.undecided.some((metric) => /^(objects|timers|listeners)\b/.test(metric))
  );
}

function tell(live: LiveProgress, recorder: Recorder, measurement: Measurement): void {
  const { round, cycles, failed, elapsedMs } = recorder;
  live.tell({ round, cycles, failed, elapsedMs, cyclesPerSecond: measurement.cyclesPerSecond });
}

/** What this machine did not let plateau see. */
function auditProbes({ probe, target }: Session, recorder: Recorder, { floorReader }: Measurement): void {
  for (const { metric, reason } of probe?.unavailable() ?? []) recorder.audit(`probe:${metric}`, false, reason);
  if (floorReader.unsettled > 0) {
    recorder.audit(
      'settled',
      false,
      `the scenario's settle condition did not hold in time at ${floorReader.unsettled} floors`,
    );
  }
  if (target.agent !== undefined && !target.agent.hello.censusAvailable) {
    recorder.audit('probe:objects', false, 'this Node has no inspector: objects, timers and listeners are not counted');
  }
}

function end(recorder: Recorder, reason: RunEnd, clock: Clock): void {
  recorder.summarise();
  recorder.event({ event: 'end', reason, endedAt: new Date(clock.epochMs()).toISOString() });
}

/** A target that died or hangs is a verdict, not a fault of plateau. */
async function endedByTarget(error: unknown, { target }: Session, recorder: Recorder, clock: Clock): Promise<boolean> {
  if (!(error instanceof PlateauError)) return false;
  if (error.code === 'PLATEAU_TARGET_CRASHED') {
    // The agent's silence comes before the system tells how the process ended.
    const exit = await Promise.race([target.exited, clock.wait(exitTimeoutMs)]);
    const detail = exit === undefined ? error.message : crashError(exit).message;
    recorder.event({ event: 'crashed', detail, lastLines: target.lastLines() });
    end(recorder, 'crashed', clock);
    return true;
  }
  if (error.code !== 'PLATEAU_TARGET_UNRESPONSIVE') return false;
  recorder.event({ event: 'stalled', round: recorder.round, detail: error.message });
  end(recorder, 'stalled', clock);
  return true;
}

function crashError({ exitCode, signal }: TargetExit): PlateauError {
  const how = signal === undefined ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
  return new PlateauError('PLATEAU_TARGET_CRASHED', `the target ended in mid-run with ${how}`, {
    hint: 'its output is in target.log in the run directory',
  });
}
