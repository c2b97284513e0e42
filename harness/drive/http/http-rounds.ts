import autocannon from 'autocannon';
import type { DriveProgress, PhaseLatency, RoundOutcome } from '../../model/agent-protocol.js';
import type { DrivenRound } from '../cycle-loop.js';
import { FailureLog } from '../failure-log.js';
import { LatencyRecorder } from '../latency.js';
import { drawMix } from '../round-mix.js';
import type { CompiledRequest } from './compile-request.js';
import { HttpStatusError } from './http-status-error.js';
import { LostRequests } from './lost-requests.js';
import { withDefaultHeaders } from './sent-request.js';
import type { CycleValues } from './template-text.js';

/** An operation that is one request. */
export interface PlainOperation {
  readonly name: string;
  readonly weight: number;
  readonly request: CompiledRequest;
  /** Of every request of the scenario. */
  readonly headers?: Readonly<Record<string, string>>;
  values(cycle: number): CycleValues;
}

/** How often autocannon looks whether all is done. */
const lookEveryMs = 10;

class OperationState {
  /** Of this round. */
  planned = 0;
  answered = 0;
  failed = 0;
  readonly latency = new LatencyRecorder();

  constructor(
    readonly operation: PlainOperation,
    public nextCycle: number,
  ) {}
}

/** Rounds of an exact number of requests, driven by autocannon: less of the machine goes into the load than by a cycle loop. */
export class HttpRounds {
  private readonly states: readonly OperationState[];
  private readonly failures = new FailureLog();
  private finished = 0;
  private succeeded = 0;
  private underWay = 0;
  private lastAnswerMs = 0;
  /** Of the answer that is being taken in: autocannon says in two steps whose it is and how long it took. */
  private answering: OperationState | undefined;
  private answeredAsExpected = false;

  constructor(
    operations: readonly PlainOperation[],
    private readonly url: string,
    firstCycle = 0,
  ) {
    this.states = operations.map((operation) => new OperationState(operation, firstCycle));
  }

  get progress(): DriveProgress {
    const left = Math.max(0, this.underWay);
    return {
      finished: this.finished,
      succeeded: this.succeeded,
      underWay: left === 0 ? {} : { [this.states.map(({ operation }) => operation.name).join(', ')]: left },
    };
  }

  /**
   * One request, not counted.
   * @returns whether the target keeps the connection open after an answer, which autocannon needs
   */
  async keepsConnections(): Promise<boolean> {
    let keeps = true;
    const [state] = this.states;
    const request = this.requestOf(state!, () => undefined);
    const setupClient = (client: autocannon.Client) => {
      client.setRequests([request]);
      client.on('headers', ({ shouldKeepAlive }) => {
        keeps = Boolean(shouldKeepAlive);
      });
    };
    await startInstance({ url: this.url, amount: 1, connections: 1, setupClient }, () => undefined).done;
    return keeps;
  }

  async drive(round: DrivenRound): Promise<RoundOutcome> {
    this.startRound();
    const connections = Math.min(round.cycles, round.concurrency);
    const lists = this.plan(round, connections);
    const lost = new LostRequests((count) => this.settle(count));
    this.underWay = round.cycles;
    const startedMs = performance.now();
    const instance = this.instance({
      amount: round.cycles,
      connections,
      setupClient: lost.watching((at) => lists[at]!),
    });
    let wasStopped = false;
    const stop = () => {
      wasStopped = true;
      instance.stop();
    };
    const limit = round.maxMs === undefined ? undefined : setTimeout(stop, round.maxMs);
    round.signal?.addEventListener('abort', stop);
    try {
      await instance.done;
    } finally {
      clearTimeout(limit);
      round.signal?.removeEventListener('abort', stop);
      this.underWay = 0;
    }
    return this.outcome((count) => lost.take(count, wasStopped), this.lastAnswerMs - startedMs);
  }

  private instance(options: Omit<autocannon.Options, 'url'>): Instance {
    const timeout = Math.max(...this.states.map(({ operation }) => operation.request.timeoutMs)) / 1_000;
    return startInstance({ ...options, url: this.url, timeout }, (durationMs) => {
      this.answering?.latency.record(durationMs);
      this.lastAnswerMs = performance.now();
      this.settle(1);
      if (this.answeredAsExpected) this.succeeded += 1;
    });
  }

  private settle(count: number): void {
    this.finished += count;
    this.underWay -= count;
  }

  /** What each connection asks, in order; of one request that is always the same, that one. */
  private plan(round: DrivenRound, connections: number): autocannon.Request[][] {
    const mix = drawMix(this.states, round);
    const [only] = this.states;
    const isOne = this.states.length === 1 && only!.operation.request.isStatic;
    return Array.from({ length: connections }, (_, at) => {
      const amount = Math.floor(round.cycles / connections) + (at < round.cycles % connections ? 1 : 0);
      const requests: autocannon.Request[] = [];
      for (let index = 0; index < amount; index += 1) {
        const state = mix.next()!;
        state.planned += 1;
        if (isOne && index > 0) continue;
        requests.push(this.requestOf(state, (status, body) => this.answered(state, status, body)));
      }
      return requests;
    });
  }

  private requestOf(state: OperationState, onResponse: (status: number, body: string) => void): autocannon.Request {
    const { operation } = state;
    const { method, path, headers, body } = operation.request.render(operation.values(state.nextCycle));
    state.nextCycle += 1;
    return {
      method: method as 'GET',
      path,
      headers: { ...withDefaultHeaders(operation.headers ?? {}, headers) },
      ...(body !== undefined && { body }),
      onResponse,
    };
  }

  /** Called just before the event that has the duration. */
  private answered(state: OperationState, status: number, body: string): void {
    this.answering = state;
    state.answered += 1;
    this.answeredAsExpected = state.operation.request.expects(status);
    if (this.answeredAsExpected) return;
    state.failed += 1;
    const { name } = state.operation;
    this.failures.add(name, 'create', new HttpStatusError(name, status, body));
  }

  private startRound(): void {
    this.failures.clear();
    this.lastAnswerMs = performance.now();
    for (const state of this.states) state.planned = state.answered = state.failed = 0;
  }

  private outcome(lost: (count: number) => ReturnType<LostRequests['take']>, durationMs: number): RoundOutcome {
    const cyclesByOperation: Record<string, number> = {};
    const latency: Record<string, PhaseLatency> = {};
    const roundLatency: Record<string, PhaseLatency> = {};
    let created = 0;
    let failed = 0;
    for (const { operation, planned, answered, failed: refused, latency: recorded } of this.states) {
      const unanswered = lost(planned - answered);
      for (const failure of unanswered) this.failures.merge({ ...failure, operation: operation.name, phase: 'create' });
      const withoutAnswer = unanswered.reduce((sum, { count }) => sum + count, 0);
      cyclesByOperation[operation.name] = answered + withoutAnswer;
      created += answered - refused;
      failed += refused + withoutAnswer;
      const { run, round } = recorded.endRound();
      latency[`${operation.name}.create`] = run;
      roundLatency[`${operation.name}.create`] = round;
    }
    const failures = this.failures.list();
    return { cyclesByOperation, created, destroyed: created, failed, durationMs, failures, latency, roundLatency };
  }
}

interface Instance {
  /** All requests are answered or lost. */
  readonly done: Promise<void>;
  stop(): void;
}

function startInstance(options: autocannon.Options, onAnswer: (durationMs: number) => void): Instance {
  let stop = () => {};
  const done = new Promise<void>((resolve, reject) => {
    const instance = autocannon({ ...options, sampleInt: lookEveryMs, skipAggregateResult: true }, (error: unknown) => {
      if (error) reject(error as Error);
      else resolve();
    });
    instance.on('response', (_client, _status, _bytes, durationMs) => onAnswer(durationMs));
    stop = () => instance.stop();
  });
  return { done, stop };
}
