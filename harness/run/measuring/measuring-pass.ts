import { judge } from '../../analyse/judge.js';
import { assess, isDecided } from '../../analyse/next/assess.js';
import { firstCount, roundsForCensus } from '../../analyse/next/census-rounds.js';
import { checkRest } from '../../analyse/next/rest-check.js';
import { isLeakingGrowth } from '../../model/finding.js';
import type { Progress } from '../../model/judgement.js';
import type { StoredRun } from '../../model/run-log.js';
import type { RunEnd } from '../../model/verdict.js';
import { failOnStrayErrors, warnOfStrayErrors } from '../stray-errors.js';
import { type FinishOptions, readAfterDriving } from './after-driving.js';
import { Headroom } from './headroom.js';
import { checkInstrument } from './instrument-check.js';
import { ObjectCounter } from './object-counter.js';
import { crashError, end, endedByTarget } from './pass-end.js';
import {
  driveNullRounds,
  loadOf,
  type MeasuredLoad,
  type MeasurePlan,
  openParts,
  type PassParts,
  plannedPartsOf,
  showProgress,
} from './pass-parts.js';
import { PlannedTarget } from './perform-plan.js';
import type { RoundOptions } from './rounds.js';
import { nameStall } from './stuck-target.js';

/** Null rounds come once the first compilations are over, and again at the end. */
const nullRoundsAfter = 12;

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
      if (pass.next === 'rest') await pass.attempt(() => pass.tryRest());
      if (pass.next === 'count') await pass.attempt(() => pass.tryCount());
    }
    await pass.attempt(() => pass.finish());
  } finally {
    await pass.close();
  }
  return pass.load;
}

/** The measuring pass a round at a time, so that the rounds of two targets can take turns. */
export class MeasuringPass {
  /** Why no further round may be driven. */
  limit: RunEnd | undefined;
  /** A look found everything decided; more rounds may be driven all the same. */
  decided = false;
  /** The run has its end on disk. */
  ended = false;
  /** Where driving on is slow to decide, what may show more. */
  next: Extract<Progress, { state: 'continue' }>['next'] = 'drive';
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
    failOnStrayErrors();
    const parts = await openParts(plan);
    const { session, recorder } = parts;
    failOnStrayErrors(session.target.exited, (message) => recorder.event({ event: 'warning', message }));
    return new MeasuringPass(parts);
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
    return loadOf(this.parts);
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
      this.warnOfStrayErrors();
      if (how !== 'crashed') await nameStall(this.parts, how === 'blocked');
    }
  }

  /** Before the first cycle. */
  async begin(): Promise<void> {
    const { session, recorder } = this.parts;
    const { agent, isStarted } = session.target;
    // An agent that the manifest foresees was there from the start.
    const wasAttached = !isStarted || this.parts.manifest.visibility !== 'node';
    if (agent !== undefined && wasAttached) recorder.event({ event: 'attached', isStarted });
    await checkInstrument(agent, recorder);
    if (this.parts.isBrief && agent?.hello.censusAvailable) {
      this.counter = new ObjectCounter(agent);
      await this.counter.countTimersBefore();
    }
    if (session.inside !== undefined) recorder.event({ event: 'runtime', ...session.inside.recognised() });
    const heapLimit = await agent?.request('heapLimit', {});
    this.headroom = new Headroom(session.target.pid, heapLimit?.bytes);
  }

  async round(options: Pick<RoundOptions, 'part' | 'cyclesMin'> = {}): Promise<void> {
    const { measurement, manifest, recorder, live } = this.parts;
    await measurement.round('measure', options);
    this.floors += 1;
    live.addFloor(measurement.lastFloor);
    showProgress(this.parts);
    if (this.floors === nullRoundsAfter) await driveNullRounds(this.parts);
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
    this.next = progress.next;
  }

  /** What swings under load is still at rest: what stays from one rest to the next may decide before the swings do. */
  async tryRest(): Promise<void> {
    const { measurement, recorder, live } = this.parts;
    this.next = 'drive';
    live.cyclesWanted = undefined;
    const target = new PlannedTarget(plannedPartsOf(this.parts));
    await target.perform(checkRest(target, { reloadsMax: 1 }));
    this.limit = measurement.limitReached(this.censusRounds);
    this.decided = isDecided(judge(recorder.soFar()));
  }

  /** A few rounds in which objects, timers and listeners are counted: what leaks of those is known long before its bytes are. */
  async tryCount(): Promise<void> {
    const { session, measurement, recorder } = this.parts;
    this.next = 'drive';
    const { agent } = session.target;
    if (this.censusRounds === 0 || agent === undefined) return;
    this.counter ??= new ObjectCounter(agent);
    const target = new PlannedTarget({ ...plannedPartsOf(this.parts), counter: this.counter });
    await target.perform(firstCount(target));
    this.limit = measurement.limitReached(this.censusRounds);
    this.decided = judge(recorder.soFar()).findings.some(isLeakingGrowth);
  }

  /** Asks of the resting target what no further cycle decides, and ends the run. */
  async finish(options: FinishOptions = {}): Promise<void> {
    const { live, signal } = this.parts;
    live.cyclesWanted = undefined;
    this.warnOfStrayErrors();
    if (this.limit === 'interrupted') return this.end('interrupted');
    this.parts.measurement.auditDays();
    await readAfterDriving(this.parts, this.counter, options);
    this.end(signal.aborted ? 'interrupted' : (this.limit ?? 'decided'));
  }

  /** Ends the target; may be called again. */
  async close(): Promise<void> {
    const { stop, live, session } = this.parts;
    stop.abort();
    live.stage = 'stopping';
    await session.close();
  }

  private warnOfStrayErrors(): void {
    const { recorder } = this.parts;
    warnOfStrayErrors((message) => recorder.event({ event: 'warning', message }));
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
    return 'room';
  }

  private end(reason: RunEnd): void {
    this.ended = true;
    end(this.parts.recorder, reason, this.parts.clock);
  }
}
