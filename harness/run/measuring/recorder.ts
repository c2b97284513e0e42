import { isJudgedUnderLoad } from '../../analyse/findings/idle.js';
import { FailureLog } from '../../drive/failure-log.js';
import type { MetricValues, RoundOutcome } from '../../model/agent-protocol.js';
import {
  type Attribution,
  correctedManifest,
  type Manifest,
  type RunEvent,
  type StoredRun,
} from '../../model/run-log.js';
import type { Sample, SampleKind, SamplePhase } from '../../model/sample.js';
import { SampleTableBuilder } from '../../model/sample-table.js';
import type { Clock } from '../../platform/clock.js';
import type { RunStore } from '../../store/run-store.js';
import type { Driven } from './hopeless-load.js';

const summaryIntervalMs = 5_000;

/** Keeps what is judged of a run in memory and everything on disk for good. */
export class Recorder {
  private readonly judged = new SampleTableBuilder();
  private readonly events: RunEvent[] = [];
  private readonly failures = new FailureLog();
  private readonly cyclesByOperation: Record<string, number> = {};
  private readonly startedMs: number;
  private created = 0;
  private destroyed = 0;
  private latency: RoundOutcome['latency'] = {};
  private summarisedMs = Number.NEGATIVE_INFINITY;
  cycles = 0;
  failed = 0;
  /** Wall time of driving, without settling. */
  driveMs = 0;
  /** CPU of the target while it was driven, ms; 0 where that is not known. */
  targetCpuMs = 0;
  /** What grows, once that was looked for. */
  attribution: Attribution | undefined;
  /** 0-based number of the round that is under way. */
  round = 0;

  constructor(
    private readonly store: RunStore,
    private readonly manifest: Manifest,
    private readonly clock: Clock,
  ) {
    this.startedMs = clock.monotonicMs();
    for (const operation of manifest.operations) this.cyclesByOperation[operation] = 0;
  }

  get elapsedMs(): number {
    return this.clock.monotonicMs() - this.startedMs;
  }

  /** Takes note of a round that was driven. */
  addRound(outcome: RoundOutcome): void {
    this.driveMs += outcome.durationMs;
    for (const failure of outcome.failures) this.failures.merge(failure);
    this.count(outcome);
    this.latency = outcome.latency;
    if (this.clock.monotonicMs() - this.summarisedMs >= summaryIntervalMs) this.summarise();
  }

  /** Takes note of objects that were created to be held, or destroyed again. */
  addHeld(operation: string, held: { created: number; destroyed: number; failed: number }): void {
    this.count({ cyclesByOperation: { [operation]: held.created }, ...held });
  }

  private count(driven: Pick<RoundOutcome, 'cyclesByOperation' | 'created' | 'destroyed' | 'failed'>): void {
    for (const [operation, cycles] of Object.entries(driven.cyclesByOperation)) {
      this.cyclesByOperation[operation] = (this.cyclesByOperation[operation] ?? 0) + cycles;
      this.cycles += cycles;
    }
    this.created += driven.created;
    this.destroyed += driven.destroyed;
    this.failed += driven.failed;
    const { round, created, destroyed, failed } = this;
    this.event({ event: 'counts', round, created, destroyed, failed });
  }

  /** What was driven so far, and how it failed. */
  driven(): Driven {
    return {
      cycles: this.cycles,
      succeeded: this.destroyed,
      driveMs: this.driveMs,
      failures: this.failures.list(),
    };
  }

  /** Failures and latency so far: said now and then, since each report replaces the one before. */
  summarise(): void {
    this.summarisedMs = this.clock.monotonicMs();
    if (this.failures.size > 0) this.event({ event: 'failures', failures: this.failures.list() });
    if (Object.keys(this.latency).length > 0) this.event({ event: 'latency', latency: this.latency });
  }

  /** Writes a sample; resolves when a floor has reached the disk. */
  async sample(kind: SampleKind, phase: SamplePhase, values: MetricValues, extraCycles = 0): Promise<void> {
    const sample: Sample = {
      kind,
      phase,
      round: this.round,
      elapsedMs: this.elapsedMs,
      cycles: this.cycles + extraCycles,
      cyclesByOperation: { ...this.cyclesByOperation },
      values,
    };
    if (kind === 'floor' || isJudgedUnderLoad(this.manifest)) this.judged.add(sample);
    await this.store.writeSample(sample);
  }

  event(event: RunEvent): void {
    // Counts and latencies come with every round; judging while the run goes on does not need them all.
    if (event.event !== 'latency' && event.event !== 'failures' && event.event !== 'counts') this.events.push(event);
    this.store.writeEvent(event);
  }

  audit(check: string, ok: boolean, detail: string): void {
    this.event({ event: 'audit', check, ok, detail });
  }

  /** The run so far: its floors, and samples under load where those are judged. */
  soFar(): StoredRun {
    return {
      directory: this.store.directory,
      manifest: correctedManifest(this.manifest, this.events),
      samples: this.judged.table(),
      events: this.events,
      ...(this.attribution !== undefined && { attribution: this.attribution }),
    };
  }
}
