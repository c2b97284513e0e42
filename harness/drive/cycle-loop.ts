import { setTimeout } from 'node:timers';
import type { DriveProgress, HoldOutcome, HoldRequest, PhaseLatency, RoundOutcome } from '../model/agent-protocol.js';
import type { RoundPlan } from './driver.js';
import { FailureLog } from './failure-log.js';
import { HeldObjects } from './held-objects.js';
import { LandedShare } from './landed-share.js';
import { LatencyRecorder } from './latency.js';
import { LoopTurns, runConcurrently } from './loop-turns.js';
import { drawMix } from './round-mix.js';

/** An operation as the loop drives it. `destroy` is absent where one call does both. */
export interface DrivenOperation {
  readonly name: string;
  readonly weight: number;
  /** By a fault. */
  readonly isDisturbed?: boolean;
  create(cycle: number): unknown;
  destroy?(handle: unknown, cycle: number): unknown;
}

export interface DrivenRound extends RoundPlan {
  readonly signal?: AbortSignal;
}

/** Open loop: how many cycles may be under way at once when the target cannot keep up. */
const inFlightMax = 1_000;

/** A load of which so much failed and nothing succeeded will not land: a few dozen failures show why. */
export const failuresAtStartMax = 36;
/** Until something succeeds, the next cycle waits: a service may still be starting up, and gets two seconds. */
const pauseAfterFailureMs = 60;

class OperationState {
  /** Calls under way. */
  creating = 0;
  destroying = 0;
  readonly createLatency = new LatencyRecorder();
  readonly destroyLatency = new LatencyRecorder();

  constructor(
    readonly operation: DrivenOperation,
    public nextCycle: number,
  ) {}
}

/**
 * Drives rounds of create/destroy cycles. Keeps only counters and fixed-size histograms, so that it can run inside
 * the process that is measured.
 */
export class CycleLoop {
  private readonly states: readonly OperationState[];
  private readonly failures = new FailureLog();
  /** Each create and each destroy of what is held counts as something that finished: it moves. */
  private readonly held = new HeldObjects(() => {
    this.finished += 1;
    this.succeeded += 1;
  });
  private created = 0;
  private destroyed = 0;
  private failed = 0;
  /** Cycles finished since the start, failed ones included. */
  finished = 0;
  private succeeded = 0;

  /** What is waited for. */
  get progress(): DriveProgress {
    const underWay: Record<string, number> = {};
    for (const { operation, creating, destroying } of this.states) {
      if (creating > 0) underWay[`${operation.name}.create`] = creating;
      if (destroying > 0) underWay[`${operation.name}.destroy`] = destroying;
    }
    return { finished: this.finished, succeeded: this.succeeded, underWay };
  }

  /** @param firstCycle of each operation */
  constructor(operations: readonly DrivenOperation[], firstCycle = 0) {
    this.states = operations.map((operation) => new OperationState(operation, firstCycle));
  }

  /** Drives one round to its end; `destroy` has run for everything that was created when it resolves. */
  async drive(round: DrivenRound): Promise<RoundOutcome> {
    this.startRound();
    const startedMs = performance.now();
    const mix = drawMix(this.states, round);
    const cyclesByOperation: Record<string, number> = {};
    for (const state of this.states) cyclesByOperation[state.operation.name] = 0;
    let isBegun = false;
    const takeCycle = (): OperationState | undefined => {
      // On a machine that is busy the time may be over before the first cycle, and a round without any shows nothing.
      const isOver = isBegun && performance.now() - startedMs >= (round.maxMs ?? Number.POSITIVE_INFINITY);
      isBegun = true;
      if (isOver || this.isHopeless || round.signal?.aborted) return undefined;
      const state = mix.next();
      if (state !== undefined) cyclesByOperation[state.operation.name]! += 1;
      return state;
    };
    const nextCycle = () => {
      const state = takeCycle();
      return state === undefined ? undefined : this.cycle(state, performance.now());
    };
    let landedShare: number | undefined;
    if (round.ratePerSecond === undefined) await runConcurrently(round.concurrency, nextCycle);
    else landedShare = await this.driveAtRate(round.ratePerSecond, takeCycle);
    const outcome = this.outcome(cyclesByOperation, performance.now() - startedMs);
    return { ...outcome, ...(landedShare !== undefined && { landedShare }) };
  }

  private get isHopeless(): boolean {
    return this.succeeded === 0 && this.finished >= failuresAtStartMax;
  }

  /** Creates objects of one operation and keeps them until `release`. */
  hold(request: HoldRequest): Promise<HoldOutcome> {
    const state = this.states.find(({ operation }) => operation.name === request.operation);
    if (state === undefined) return Promise.reject(new Error(`there is no operation ${request.operation}`));
    return this.held.hold(state.operation, request, () => state.nextCycle++);
  }

  release(options: { readonly concurrency: number }): Promise<HoldOutcome> {
    return this.held.release(options);
  }

  /** Cycles at fixed times whatever the target does; latency counts from the time that was meant (no coordinated omission). */
  private async driveAtRate(
    ratePerSecond: number,
    takeCycle: () => OperationState | undefined,
  ): Promise<number | undefined> {
    const share = new LandedShare(ratePerSecond);
    const startedMs = performance.now();
    const underWay = new Set<Promise<void>>();
    const turns = new LoopTurns();
    for (let index = 0, state = takeCycle(); state !== undefined; index += 1, state = takeCycle()) {
      const intendedMs = startedMs + (index * 1_000) / ratePerSecond;
      while (performance.now() < intendedMs) {
        await new Promise<void>((resolve) => setTimeout(resolve, intendedMs - performance.now()));
      }
      while (underWay.size >= inFlightMax) await Promise.race(underWay);
      const cycle = this.cycle(state, intendedMs).finally(() => {
        share.note(index, performance.now() - intendedMs);
        underWay.delete(cycle);
      });
      underWay.add(cycle);
      if (turns.areDue) await turns.give();
    }
    await Promise.all(underWay);
    return share.value;
  }

  private async cycle(state: OperationState, startedMs: number): Promise<void> {
    const { operation } = state;
    const cycle = state.nextCycle;
    state.nextCycle += 1;
    let handle: unknown;
    let isCreated = false;
    state.creating += 1;
    try {
      handle = await operation.create(cycle);
      isCreated = true;
      state.createLatency.record(performance.now() - startedMs);
      this.created += 1;
    } catch (error) {
      this.failed += 1;
      this.failures.add(operation.name, 'create', error);
    } finally {
      state.creating -= 1;
    }
    const succeeded = isCreated && (await this.destroy(state, handle, cycle));
    this.finished += 1;
    if (succeeded) this.succeeded += 1;
    else if (this.succeeded === 0) await new Promise((resolve) => setTimeout(resolve, pauseAfterFailureMs));
  }

  /** @returns whether it could be */
  private async destroy(state: OperationState, handle: unknown, cycle: number): Promise<boolean> {
    const { operation } = state;
    if (operation.destroy !== undefined) {
      const startedMs = performance.now();
      state.destroying += 1;
      try {
        await operation.destroy(handle, cycle);
        state.destroyLatency.record(performance.now() - startedMs);
      } catch (error) {
        this.failed += 1;
        this.failures.add(operation.name, 'destroy', error);
        return false;
      } finally {
        state.destroying -= 1;
      }
    }
    this.destroyed += 1;
    return true;
  }

  private startRound(): void {
    this.created = 0;
    this.destroyed = 0;
    this.failed = 0;
    this.failures.clear();
  }

  private outcome(cyclesByOperation: Record<string, number>, durationMs: number): RoundOutcome {
    const latency: Record<string, PhaseLatency> = {};
    const roundLatency: Record<string, PhaseLatency> = {};
    for (const { operation, createLatency, destroyLatency } of this.states) {
      const phases = { create: createLatency, ...(operation.destroy !== undefined && { destroy: destroyLatency }) };
      for (const [phase, recorder] of Object.entries(phases)) {
        const { round, run } = recorder.endRound();
        latency[`${operation.name}.${phase}`] = run;
        roundLatency[`${operation.name}.${phase}`] = round;
      }
    }
    const { created, destroyed, failed } = this;
    return {
      cyclesByOperation,
      created,
      destroyed,
      failed,
      durationMs,
      failures: this.failures.list(),
      latency,
      roundLatency,
    };
  }
}
