import { dirname } from 'node:path';
import { judge } from '../../analyse/judge.js';
import { assess } from '../../analyse/next/assess.js';
import { type Attribution, type Manifest, type RunEnd, restAudit, type StoredRun } from '../../model/run-log.js';
import type { RunOptions } from '../../model/run-options.js';
import type { Finding } from '../../model/run-record.js';
import { type Clock, systemClock } from '../../platform/clock.js';
import { hasFixedAddress } from '../../sample/outside/fixed-addresses.js';
import { runFiles } from '../../store/run-layout.js';
import type { RunStore } from '../../store/run-store.js';
import { busyCause } from '../cause/busy-cause.js';
import { keepCause } from '../cause/keep-cause.js';
import { stallCause } from '../cause/stall-cause.js';
import { failOnStrayErrors, warnOfStrayErrors } from '../stray-errors.js';
import { isOnlyCounted, roundsForCensus, runCensusRounds } from './census-rounds.js';
import { TargetClock } from './clock-jumps.js';
import { fillHolders } from './fill-holders.js';
import { firstCycleOf } from './first-cycle.js';
import { Headroom } from './headroom.js';
import { holdObjects } from './hold-objects.js';
import { auditControl, checkInstrument, type PositiveControl, runPositiveControl } from './instrument-check.js';
import { LiveProgress } from './live-progress.js';
import { ObjectCounter } from './object-counter.js';
import { crashError, end, endedByTarget } from './pass-end.js';
import { TimerReader } from './pending-timers.js';
import { Recorder } from './recorder.js';
import { checkRest } from './rest-check.js';
import type { Sizer } from './round-sizer.js';
import { Measurement } from './rounds.js';
import { openSession, type Session } from './session.js';
import type { SessionSource } from './session-source.js';
import type { TimeLimit } from './time-limit.js';

/** Null rounds come once the first compilations are over, and again at the end. */
const nullRoundsAfter = 12;
const nullRounds = 4;
/** What swings for longer than this is looked at while it rests, and again each time the run has become twice as long. */
const restAfterMs = 20_000;

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
  readonly load: MeasuredLoad;
  /** Aborted when time alone gives back what seemed to leak. */
  readonly signal: AbortSignal;
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
export async function measure(plan: MeasurePlan): Promise<MeasuredLoad> {
  const pass = await MeasuringPass.open(plan);
  try {
    await pass.attempt(() => pass.begin());
    while (pass.goesOn) {
      await pass.attempt(() => pass.round());
      if (pass.wantsRest) await pass.attempt(() => pass.tryRest());
    }
    await pass.attempt(() => pass.finish());
  } finally {
    await pass.close();
  }
  return pass.load;
}

interface FinishOptions {
  /** Counts live objects. @defaultValue true */
  readonly census?: boolean;
  /** Sees what the target does at rest, and what held objects cost. @defaultValue true */
  readonly rest?: boolean;
}

interface PassParts extends MeasurePlan {
  readonly session: Session;
  readonly recorder: Recorder;
  readonly measurement: Measurement;
  readonly live: LiveProgress;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stop: AbortController;
}

/** The measuring pass a round at a time, so that the rounds of two targets can take turns. */
export class MeasuringPass {
  /** Why no further round may be driven. */
  limit: RunEnd | undefined;
  /** A look found everything decided; more rounds may be driven all the same. */
  decided = false;
  /** The run has its end on disk. */
  ended = false;
  /** Driving on is slow to decide what rest may show. */
  wantsRest = false;
  private nextRestMs = restAfterMs;
  private floors = 0;
  private headroom: Headroom | undefined;
  private counter: ObjectCounter | undefined;
  private readonly crashed: Promise<never>;

  private constructor(private readonly parts: PassParts) {
    const { session, stop } = parts;
    this.crashed = session.target.exited.then((exit) => {
      stop.abort();
      throw crashError(exit);
    });
    // The target may end while no step is under way; the next step reports it.
    this.crashed.catch(() => undefined);
  }

  /** Starts the target. @throws {PlateauError} `PLATEAU_TARGET_START`, `PLATEAU_INVALID_SCENARIO` */
  static async open(plan: MeasurePlan): Promise<MeasuringPass> {
    const { source, manifest, store, options } = plan;
    const clock = systemClock;
    failOnStrayErrors();
    const stop = new AbortController();
    const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
    const live = new LiveProgress(options.listener, { scenario: manifest.scenario, runId: manifest.id });
    live.tell({ round: 0, cycles: 0, failed: 0, cyclesPerSecond: 0, elapsedMs: 0 });
    const { id, defects, seed, parameters } = manifest;
    const logPath = store.pathFor(runFiles.targetLog);
    const session = await openSession({
      source,
      runId: id,
      defects,
      seed,
      parameters,
      logPath,
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
      assumesUniverse: source.kind === 'definition' && source.scenario.universe === undefined,
      ...(plan.sizer !== undefined && { sizer: plan.sizer }),
      onStage: (stage) => {
        live.stage = stage;
        tell(live, recorder, measurement);
      },
    });
    return new MeasuringPass({ ...plan, session, recorder, measurement, live, clock, signal, stop });
  }

  /** Whether another round may be driven. */
  get mayGoOn(): boolean {
    return !this.ended && this.limit === undefined;
  }

  private get censusRounds(): number {
    const { session, manifest } = this.parts;
    const counts = !this.parts.isBrief && session.target.agent?.hello.censusAvailable;
    return counts ? roundsForCensus(manifest.parameters.rounds) : 0;
  }

  /** Whether another round is wanted. */
  get goesOn(): boolean {
    return this.mayGoOn && !(this.decided && this.parts.manifest.parameters.untilDecided);
  }

  get elapsedMs(): number {
    return this.parts.recorder.elapsedMs;
  }

  get load(): MeasuredLoad {
    const { cycles, round, driveMs } = this.parts.recorder;
    return { cycles, rounds: round, driveMs };
  }

  /** Floors so far. */
  soFar(): StoredRun {
    return this.parts.recorder.soFar();
  }

  /** Does one step; a target that dies or hangs in it ends the run, which is a verdict and no fault of plateau. */
  async attempt(step: () => Promise<void>): Promise<void> {
    if (this.ended) return;
    const { session, recorder, clock } = this.parts;
    try {
      await Promise.race([step(), this.crashed]);
    } catch (error) {
      const how = await endedByTarget(error, session, recorder, clock);
      if (how === undefined) throw error;
      this.ended = true;
      if (how !== 'crashed') await this.nameStall(how === 'blocked');
    }
  }

  /** Before the first cycle. */
  async begin(): Promise<void> {
    const { session, recorder } = this.parts;
    const { agent, isStarted } = session.target;
    if (agent !== undefined && !isStarted) recorder.event({ event: 'attached' });
    await checkInstrument(agent, recorder);
    if (this.parts.isBrief && agent?.hello.censusAvailable) {
      this.counter = new ObjectCounter(agent);
      await this.counter.countTimersBefore();
    }
    if (session.inside !== undefined) recorder.event({ event: 'runtime', ...session.inside.recognised() });
    const heapLimit = await agent?.request('heapLimit', {});
    this.headroom = new Headroom(session.target.pid, heapLimit?.bytes);
  }

  async round(): Promise<void> {
    const { measurement, manifest, recorder, live } = this.parts;
    await measurement.round('measure');
    this.floors += 1;
    live.addFloor(measurement.lastFloor);
    tell(live, recorder, measurement);
    if (this.floors === nullRoundsAfter) await this.nullRounds();
    this.limit = measurement.limitReached(this.censusRounds) ?? this.roomReached();
    if (this.limit !== undefined || !manifest.parameters.untilDecided) return;
    const progress = assess(recorder.soFar());
    if (progress.judgement !== undefined) live.findings = progress.judgement.findings;
    if (progress.state === 'decided') {
      this.decided = true;
      live.undecided = [];
      return;
    }
    live.undecided = progress.undecided;
    live.cyclesWanted = progress.cyclesWanted;
    this.wantsRest = progress.swings === true && this.elapsedMs >= this.nextRestMs;
  }

  /** What swings under load is still at rest: what stays from one rest to the next may decide before the swings do. */
  async tryRest(): Promise<void> {
    const { measurement, recorder, live, clock } = this.parts;
    this.wantsRest = false;
    live.cyclesWanted = undefined;
    const beforeReload = () => Promise.resolve();
    const rest = { signal: this.within, onRest: this.onRest, beforeReload };
    const parts = { measurement, recorder, counter: undefined, clock, ...rest };
    await checkRest({ ...parts, reloadsMax: 1 });
    this.nextRestMs = 2 * recorder.elapsedMs;
    this.limit = measurement.limitReached(this.censusRounds);
    this.decided = judge(recorder.soFar()).findings.every(({ verdict }) => verdict !== 'inconclusive');
  }

  /** What is asked of the resting target when no further cycle decides. */
  async finish({ census = true, rest = true }: FinishOptions = {}): Promise<void> {
    const { measurement, recorder, session, live, signal, manifest } = this.parts;
    const { agent } = session.target;
    live.cyclesWanted = undefined;
    warnOfStrayErrors((message) => recorder.event({ event: 'warning', message }));
    if (this.limit === 'interrupted') return this.end('interrupted');
    await this.nullRounds();
    const control = await runPositiveControl(agent, measurement);
    const counter = this.counter ?? (census && agent?.hello.censusAvailable ? new ObjectCounter(agent) : undefined);
    const timers = rest ? this.timerReader() : undefined;
    if (judge(recorder.soFar()).verdict !== 'plateau') await timers?.read();
    if (this.parts.isBrief) await counter?.count();
    else if (counter !== undefined) await countObjects(counter, measurement, recorder, this.parts.limit?.censusMs);
    if (rest) await this.rest(counter, timers);
    await this.auditInstrument(control);
    if (rest && !signal.aborted)
      await holdObjects({ session, recorder, measurement, parameters: manifest.parameters, signal });
    if (rest && !signal.aborted) await this.nameBusy();
    auditProbes(session, recorder, measurement);
    this.end(signal.aborted ? 'interrupted' : (this.limit ?? 'decided'));
  }

  private timerReader(): TimerReader | undefined {
    const { session, recorder, source } = this.parts;
    const { agent } = session.target;
    return agent?.hello.censusAvailable ? new TimerReader(agent, recorder, source.directory) : undefined;
  }

  private targetClock(): TargetClock | undefined {
    const { session, manifest } = this.parts;
    const { agent, isStarted } = session.target;
    return agent !== undefined && isStarted && manifest.parameters.virtualTime ? new TargetClock(agent) : undefined;
  }

  /** Ends the target; may be called again. */
  async close(): Promise<void> {
    const { stop, live, session } = this.parts;
    stop.abort();
    live.stage = 'stopping';
    await session.close();
  }

  private readonly onRest = (leftMs: number | undefined): void => {
    const { live, measurement, recorder } = this.parts;
    live.restLeftMs = leftMs;
    live.addFloor(measurement.lastFloor);
    tell(live, recorder, measurement);
  };

  /** Meanwhile the cause may be looked for in a second target: the first one only waits. */
  private async rest(counter: ObjectCounter | undefined, timers: TimerReader | undefined): Promise<void> {
    const { measurement, recorder, session, clock, signal, whileResting, manifest } = this.parts;
    const within = this.within;
    const { verdict, findings } = judge(recorder.soFar());
    const { pid } = session.target;
    const released = new AbortController();
    const meanwhile =
      verdict === 'leak' && whileResting !== undefined && pid !== undefined && !hasFixedAddress(pid)
        ? whileResting({ findings, load: this.load, signal: AbortSignal.any([within, released.signal]) })
        : Promise.resolve(undefined);
    const beforeReload = async () => {
      released.abort();
      await meanwhile;
    };
    const looks = { signal: within, onRest: this.onRest, beforeReload, isBrief: this.parts.isBrief };
    await checkRest({ measurement, recorder, counter, timers, targetClock: this.targetClock(), clock, ...looks });
    const isLeak = judge(recorder.soFar()).verdict === 'leak';
    if (!isLeak) released.abort();
    const cause = await meanwhile;
    if (isLeak && cause !== undefined) {
      recorder.attribution = cause;
      const leftMs = manifest.parameters.durationMs - recorder.elapsedMs;
      await fillHolders({ measurement, recorder, counter, signal: within, leftMs });
    }
    if (isLeak && within.aborted && !signal.aborted)
      recorder.audit(restAudit, false, 'the time of the run was over before the rest of the target was');
  }

  /** Aborted when the run is interrupted or its time is over. */
  private get within(): AbortSignal {
    const { signal, limit } = this.parts;
    return limit === undefined ? signal : AbortSignal.any([signal, limit.signal]);
  }

  /** A heap that swings hides what was planted in it; at rest it is still. */
  private async auditInstrument(control: PositiveControl | undefined): Promise<void> {
    if (control === undefined) return;
    const { measurement, recorder, session, signal } = this.parts;
    const isSeen = control.isSeen && control.isSeenGone;
    const last = isSeen || signal.aborted ? control : await runPositiveControl(session.target.agent, measurement);
    auditControl(last ?? control, recorder);
  }

  /** A target that spins still does: the cause is before one's eyes. */
  private async nameBusy(): Promise<void> {
    const { source, session, manifest, recorder, measurement, store } = this.parts;
    const { verdict, findings } = judge(recorder.soFar());
    if (verdict !== 'spinning' || !this.wantsCause) return;
    this.tellAttributing();
    const { round } = recorder;
    const cycles = Math.ceil(measurement.sizer.meanCycles);
    const plan = { session, manifest, findings, round, cycles, workingDirectory: source.directory };
    await keepCause(store, () => busyCause(plan));
  }

  /** So does a target that hangs. */
  private async nameStall(isBlocked: boolean): Promise<void> {
    const { source, session, measurement, store, signal } = this.parts;
    const { agent } = session.target;
    if (agent === undefined || signal.aborted || !this.wantsCause) return;
    this.tellAttributing();
    const { heapUsed: heapUsedBytes = 0 } = measurement.lastFloor;
    const directory = dirname(store.pathFor(runFiles.attribution));
    const plan = { agent, isBlocked, heapUsedBytes, directory, workingDirectory: source.directory };
    await keepCause(store, () => stallCause(plan));
  }

  private get wantsCause(): boolean {
    const { attribution, interpreterOnly } = this.parts.manifest.parameters;
    return attribution !== 'off' && !interpreterOnly;
  }

  private tellAttributing(): void {
    const { live, recorder, measurement } = this.parts;
    live.stage = 'attributing';
    tell(live, recorder, measurement);
  }

  private async nullRounds(): Promise<void> {
    for (let index = 0; index < nullRounds; index += 1) await this.parts.measurement.nullRound();
  }

  /** A target that would run out of something with more cycles must be decided by now. */
  private roomReached(): RunEnd | undefined {
    const { measurement, recorder } = this.parts;
    const { exhausted, tight } = this.headroom!.observe(measurement.lastFloor);
    if (exhausted === undefined) {
      if (tight) measurement.sizer.shrink();
      return undefined;
    }
    recorder.event({
      event: 'warning',
      message: `stopped early: with more cycles the target would have run out of room for ${exhausted}`,
    });
    return 'decided';
  }

  private end(reason: RunEnd): void {
    this.ended = true;
    end(this.parts.recorder, reason, this.parts.clock);
  }
}

async function countObjects(
  counter: ObjectCounter,
  measurement: Measurement,
  recorder: Recorder,
  maxMs = Number.POSITIVE_INFINITY,
): Promise<void> {
  const leaks = judge(recorder.soFar()).findings.some(({ verdict }) => verdict === 'leak');
  await runCensusRounds(counter, measurement, { undecided: () => countsUndecided(recorder), leaks, maxMs });
}

function countsUndecided(recorder: Recorder): boolean {
  const progress = assess(recorder.soFar());
  return progress.state === 'continue' && progress.undecided.some(isOnlyCounted);
}

function tell(live: LiveProgress, recorder: Recorder, measurement: Measurement): void {
  const { round, cycles, failed, elapsedMs } = recorder;
  live.tell({ round, cycles, failed, elapsedMs, cyclesPerSecond: measurement.cyclesPerSecond });
}

/** What this machine did not let plateau see. */
function auditProbes({ probe, inside, target }: Session, recorder: Recorder, { floorReader }: Measurement): void {
  for (const { check, ok, detail } of inside?.audit() ?? []) recorder.audit(check, ok, detail);
  for (const { line, meaning, count } of target.leakWarnings())
    recorder.event({
      event: 'warning',
      message: `the target printed ${count === 1 ? 'once' : `${count} times`}: "${line}"; ${meaning}`,
    });
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
