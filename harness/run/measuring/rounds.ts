import type { Driver, RoundPart } from '../../drive/driver.js';
import { otherProtocolOf } from '../../drive/http/spoken-protocol.js';
import { roundSize } from '../../drive/round-mix.js';
import type { MetricValues, RoundOutcome } from '../../model/agent-protocol.js';
import type { PlateauError } from '../../model/errors.js';
import type { RunParameters } from '../../model/run-log.js';
import type { RunStage } from '../../model/run-options.js';
import type { SamplePhase } from '../../model/sample.js';
import type { RunningTarget } from '../../model/target.js';
import type { RunEnd } from '../../model/verdict.js';
import type { Clock } from '../../platform/clock.js';
import { ConnectionUse } from './connection-use.js';
import { contextValues } from './context-values.js';
import { createFloorReader, type FloorReader } from './floor-reader.js';
import { hopelessLoad } from './hopeless-load.js';
import type { Recorder } from './recorder.js';
import { watchCpu } from './round-cpu.js';
import { roundPlan } from './round-plan.js';
import { RoundSizer, type Sizer } from './round-sizer.js';
import type { Session } from './session.js';
import { VirtualDays } from './virtual-days.js';

const loadIntervalMs = 1_000;
/** How far into a round the first load sample is taken: the target should be busy. */
const loadDelayMs = 5;
/** Idle CPU is read at every so many floors, or where those are slow, so often: it costs a moment of doing nothing. */
const idleEvery = 6;
const idleIntervalMs = 1_500;

/** A round ends with the run's time, or where that is over by then, after so long. */
const roundLimitMsMin = 10_000;

export interface MeasurementParts {
  readonly session: Session;
  readonly parameters: RunParameters;
  readonly seed: number;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onStage: (stage: RunStage) => void;
  /** The scenario declares no `universe` of its own. */
  readonly assumesUniverse?: boolean;
  /** Of the scenario, for `--days`. */
  readonly hourlyLoad?: readonly number[] | undefined;
  /** @defaultValue one of its own */
  readonly sizer?: Sizer;
}

export interface RoundOptions {
  /** What else to read at its floor. */
  readonly count?: () => Promise<MetricValues>;
  readonly cycles?: number;
  readonly part?: RoundPart | undefined;
  /** More where that is the usual size. */
  readonly cyclesMin?: number | undefined;
}

/** Drives rounds and takes their floors; knows nothing of verdicts. */
export class Measurement {
  readonly floorReader: FloorReader;
  readonly sizer: Sizer;
  /** Values of the last floor. */
  lastFloor: MetricValues = {};
  cyclesPerSecond = 0;
  /** As last noted; the manifest assumes that inputs repeat. */
  private isFresh = false;
  /** Go by between rounds, where the run drives days. */
  private readonly days: VirtualDays | undefined;
  private drivenRounds = 0;
  private lastLoadMs = Number.NEGATIVE_INFINITY;
  private floorsSinceIdle = 0;
  private lastIdleMs = 0;
  private readonly driver: Driver;
  private readonly target: RunningTarget;
  private readonly connectionUse: ConnectionUse;

  constructor(private readonly parts: MeasurementParts) {
    const { session, parameters, clock, signal } = parts;
    this.driver = session.driver;
    this.target = session.target;
    this.floorReader = createFloorReader({ ...session, clock, signal });
    this.days = VirtualDays.of(parts);
    this.connectionUse = new ConnectionUse(parts);
    const { cyclesPerRound, concurrency } = parameters;
    this.sizer = parts.sizer ?? new RoundSizer(cyclesPerRound, concurrency, this.days === undefined);
  }

  /** Drives a round, of random size unless given how many cycles, then takes its floor. */
  async round(phase: SamplePhase, { count, cycles: wanted, part, cyclesMin = 0 }: RoundOptions = {}): Promise<void> {
    const { recorder, seed, parameters, onStage } = this.parts;
    const usual = roundSize(this.sizer.meanCycles * (this.days?.load ?? 1), seed, recorder.round);
    const cycles = wanted ?? Math.max(usual, cyclesMin);
    onStage('driving');
    const leftMs = parameters.durationMs - recorder.elapsedMs;
    const maxMs = leftMs > 0 ? leftMs : roundLimitMsMin;
    const plan = { ...roundPlan({ parameters, seed }, recorder.round, cycles, part), maxMs };
    const { probe } = this.parts.session;
    const cpu = watchCpu(probe);
    const peak = probe?.watchPeakMemory();
    const outcome = await this.withLoadSamples(this.driver.round(plan));
    const driven = outcome.created + outcome.failed;
    const peakRss = peak?.();
    const used: MetricValues = { ...cpu(driven), ...(peakRss !== undefined && { peakRss }) };
    recorder.addRound(outcome);
    this.connectionUse.noteDriven();
    recorder.targetCpuMs += (used.cpuPerCycle ?? 0) * driven;
    this.noteInputs();
    const hopeless = hopelessLoad(recorder.driven(), this.target.lastLines());
    if (hopeless !== undefined) throw (await this.otherProtocol()) ?? hopeless;
    this.drivenRounds += 1;
    this.cyclesPerSecond = (driven / Math.max(outcome.durationMs, 0.001)) * 1_000;
    if (phase !== 'reload') await this.days?.goOn(recorder.round);
    const settlingMs = recorder.elapsedMs;
    await this.floor(phase, { ...contextValues(outcome, this.cyclesPerSecond), ...used }, count);
    if (phase !== 'reload')
      this.sizer.observe(driven, outcome.durationMs, recorder.elapsedMs - settlingMs, this.lastFloor.heapUsed);
    recorder.round += 1;
  }

  /** Of a load of which nothing succeeds. */
  private async otherProtocol(): Promise<PlateauError | undefined> {
    const { url } = this.target;
    return url === undefined ? undefined : otherProtocolOf(url);
  }

  /** While the target rests. */
  async useConnections(): Promise<void> {
    await this.connectionUse.use(this.cyclesPerSecond, this.lastFloor);
  }

  /** Where operations never read `input`, what the target is given may be ever new. */
  private noteInputs(): void {
    const { recorder, parameters, assumesUniverse } = this.parts;
    const isFresh = this.driver.drawsOwnInputs?.() ?? false;
    if (!assumesUniverse || isFresh === this.isFresh) return;
    this.isFresh = isFresh;
    recorder.event({ event: 'inputs', universe: isFresh ? 'fresh' : parameters.universe });
  }

  /** A floor without cycles: what sampling costs by itself. */
  async nullRound(): Promise<void> {
    await this.floor('null');
    this.parts.recorder.round += 1;
  }

  async floor(phase: SamplePhase, context: MetricValues = {}, count?: () => Promise<MetricValues>): Promise<void> {
    this.parts.onStage(count !== undefined ? 'counting' : phase === 'rest' ? 'resting' : 'settling');
    const values = await this.floorReader.read(count);
    this.floorsSinceIdle += 1;
    const idle = phase === 'measure' && this.isIdleDue() ? await this.readIdle() : {};
    this.lastFloor = values;
    const clockMovedMs = this.parts.session.clock?.movedMs ?? 0;
    const moved = clockMovedMs > 0 ? { clockMovedMs } : {};
    await this.parts.recorder.sample('floor', phase, { ...context, ...values, ...idle, ...moved });
  }

  private isIdleDue(): boolean {
    return this.floorsSinceIdle >= idleEvery || this.elapsedMs - this.lastIdleMs >= idleIntervalMs;
  }

  private async readIdle(): Promise<MetricValues> {
    const idle = await this.floorReader.readIdle();
    this.floorsSinceIdle = 0;
    this.lastIdleMs = this.elapsedMs;
    return idle;
  }

  /** A floor while objects are held, or after they were released. */
  async heldFloor(held: MetricValues, holding: boolean): Promise<void> {
    const { recorder, onStage } = this.parts;
    onStage('holding');
    const values = holding ? await this.floorReader.readHolding() : await this.floorReader.read();
    this.lastFloor = values;
    await recorder.sample('floor', 'hold', { ...values, ...held });
    recorder.round += 1;
  }

  /** Counts what a floor does not, of a target that rests; bytes are not read, since counting disturbs them. */
  async countAtRest(count: () => Promise<MetricValues>): Promise<void> {
    this.parts.onStage('counting');
    await this.parts.recorder.sample('floor', 'rest', await count());
  }

  get elapsedMs(): number {
    return this.parts.recorder.elapsedMs;
  }

  /**
   * Why the run must end before anything is decided; `undefined` while it may go on.
   * @param keptRounds of the most rounds, how many are for later
   */
  limitReached(keptRounds = 0): RunEnd | undefined {
    const { recorder, parameters, signal } = this.parts;
    if (signal.aborted) return 'interrupted';
    if (this.days?.areOver) return 'duration';
    if (this.drivenRounds + keptRounds >= parameters.rounds) return 'rounds';
    if (recorder.elapsedMs >= parameters.durationMs) return 'duration';
    return undefined;
  }

  /** Whether the days that were asked for went by, and how often timers fired in them. */
  auditDays(): void {
    this.days?.audit(this.parts.recorder);
  }

  private async withLoadSamples(round: Promise<RoundOutcome>): Promise<RoundOutcome> {
    const { clock } = this.parts;
    const done = new AbortController();
    const sample = async () => {
      for (;;) {
        const dueMs = Math.max(this.lastLoadMs + loadIntervalMs, clock.monotonicMs() + loadDelayMs);
        await clock.wait(dueMs - clock.monotonicMs(), done.signal);
        if (done.signal.aborted) return;
        this.lastLoadMs = clock.monotonicMs();
        await this.loadSample();
      }
    };
    // A load sample that could not be taken is no reason to end a run; the floor after it will show it.
    const sampling = sample().catch(() => undefined);
    try {
      const outcome = await round;
      done.abort();
      await Promise.race([sampling, this.target.exited]);
      return outcome;
    } finally {
      // After a round that failed nobody waits for a sample: what stalled does not answer.
      done.abort();
    }
  }

  private async loadSample(): Promise<void> {
    const { recorder } = this.parts;
    const finishedBefore = recorder.cycles;
    const [values, { finished }] = await Promise.all([this.floorReader.readLoad(), this.driver.progress()]);
    await recorder.sample('load', 'measure', values, Math.max(0, finished - finishedBefore));
  }
}
