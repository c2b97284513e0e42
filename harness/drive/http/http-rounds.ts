import type { DriveProgress, PhaseLatency, RoundOutcome } from '../../model/agent-protocol.js';
import type { DrivenRound } from '../cycle-loop.js';
import { FailureLog } from '../failure-log.js';
import { LatencyRecorder } from '../latency.js';
import { drawMix } from '../round-mix.js';
import { type NextRequest, startInstance } from './autocannon-instance.js';
import type { CompiledRequest, OnRedirect } from './compile-request.js';
import { shareOut } from './connection-shares.js';
import { HttpStatusError } from './http-status-error.js';
import { LostRequests } from './lost-requests.js';
import { requestWriter } from './request-bytes.js';
import { withDefaultHeaders } from './sent-request.js';
import { connectionsThatStay, type StayingConnection } from './staying-connection.js';
import type { CycleValues } from './template-text.js';

/** An operation that is one request. */
export interface PlainOperation {
  readonly name: string;
  readonly weight: number;
  readonly request: CompiledRequest;
  values(cycle: number): CycleValues;
}

export interface HttpRoundsOptions {
  /** Of every request that does not name them itself. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Number of the first cycle of each operation. @defaultValue 0 */
  readonly firstCycle?: number | undefined;
  readonly onRedirect?: OnRedirect;
}

class OperationState {
  /** Of this round. */
  sent = 0;
  answered = 0;
  failed = 0;
  readonly latency = new LatencyRecorder();

  private readonly write: (values: CycleValues) => string | Buffer;

  constructor(
    readonly operation: PlainOperation,
    defaults: Readonly<Record<string, string>>,
    private nextCycle: number,
  ) {
    this.write = requestWriter(operation.request, defaults);
  }

  nextRequest(): string | Buffer {
    const cycle = this.nextCycle;
    this.nextCycle += 1;
    return this.write(this.operation.values(cycle));
  }
}

/** Rounds of an exact number of requests, driven by autocannon: less of the machine goes into the load than by a cycle loop. */
export class HttpRounds {
  private readonly states: readonly OperationState[];
  private staying: readonly StayingConnection[] = [];
  /** Time of the first answer; undefined where there was none. */
  private answerMs: number | undefined;
  private readonly failures = new FailureLog();
  private finished = 0;
  private succeeded = 0;
  private underWay = 0;
  /** When the last request was answered or lost. */
  private lastEndMs: number | undefined;
  /** The answer that just came, where its status was not expected: autocannon gives its body a step later. */
  private unexpected: { readonly operation: string; readonly status: number } | undefined;

  constructor(
    operations: readonly PlainOperation[],
    private readonly url: string,
    private readonly options: HttpRoundsOptions = {},
  ) {
    const { headers = {}, firstCycle = 0 } = options;
    const defaults = withDefaultHeaders({ host: new URL(url).host, connection: 'keep-alive' }, headers);
    this.states = operations.map((operation) => new OperationState(operation, defaults, firstCycle));
  }

  /** Whether a connection may be open between two rounds. */
  get staysOpen(): boolean {
    return this.staying.length > 0;
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
    const startedMs = performance.now();
    await startInstance({ url: this.url, amount: 1, connections: 1 }, (events) => {
      events.on('headers', ({ shouldKeepAlive }) => {
        keeps = Boolean(shouldKeepAlive);
        this.answerMs = performance.now() - startedMs;
      });
      return () => this.states[0]!.nextRequest();
    }).done;
    return keeps;
  }

  /**
   * Lets half of the connections stay open from now on, if the target answers new ones beside them: one that has a thread or a
   * process for each connection may have none left. Takes a request on each connection, not counted. Ask `keepsConnections` first.
   */
  async letStay(concurrency: number): Promise<void> {
    if (this.answerMs === undefined) return;
    this.staying = await connectionsThatStay({
      ...this.connectionOptions,
      count: (concurrency + 1) >> 1,
      answerMs: this.answerMs,
      next: () => this.states[0]!.nextRequest(),
    });
  }

  async drive(round: DrivenRound): Promise<RoundOutcome> {
    this.startRound();
    const mix = drawMix(this.states, round);
    const lost = new LostRequests((count) => this.settle(count));
    this.underWay = round.cycles;
    const startedMs = performance.now();
    const setUp = (events: NodeJS.EventEmitter) => {
      lost.watch(events);
      return this.asking(events, mix);
    };
    const { staying, fresh } = shareOut(round, this.staying.length);
    const stayed = staying.map((requests, index) => this.staying[index]!.drive(requests, setUp));
    const instance = fresh.connections > 0 ? startInstance({ ...this.connectionOptions, ...fresh }, setUp) : undefined;
    let wasStopped = false;
    const stop = () => {
      wasStopped = true;
      instance?.stop();
      this.close();
    };
    const limit = round.maxMs === undefined ? undefined : setTimeout(stop, round.maxMs);
    round.signal?.addEventListener('abort', stop);
    try {
      await Promise.all([instance?.done, ...stayed]);
    } finally {
      clearTimeout(limit);
      round.signal?.removeEventListener('abort', stop);
      this.underWay = 0;
    }
    const endMs = this.lastEndMs ?? performance.now();
    return this.outcome((count) => lost.take(count, wasStopped), endMs - startedMs);
  }

  /** Ends the connections that stay open; another round opens them again. */
  close(): void {
    for (const connection of this.staying) connection.close();
  }

  private get connectionOptions() {
    return {
      url: this.url,
      timeout: Math.max(...this.states.map(({ operation }) => operation.request.timeoutMs)) / 1_000,
      verifyBody: (body?: Buffer | string) => this.takeBody(body as string),
    };
  }

  private settle(count: number): void {
    this.finished += count;
    this.underWay -= count;
    this.lastEndMs = performance.now();
  }

  /** A connection has one request under way, so that an answer is that of the request before it. */
  private asking(events: NodeJS.EventEmitter, mix: ReturnType<typeof drawMix<OperationState>>): NextRequest {
    let asked: OperationState;
    events.on('response', (status: number, _bytes: number, durationMs: number) =>
      this.answered(asked, status, durationMs),
    );
    return () => {
      asked = mix.next()!;
      asked.sent += 1;
      return asked.nextRequest();
    };
  }

  private answered(state: OperationState, status: number, durationMs: number): void {
    state.latency.record(durationMs);
    state.answered += 1;
    this.settle(1);
    const { name, request } = state.operation;
    if (request.isRedirect(status)) this.options.onRedirect?.(name, status);
    if (request.expects(status)) {
      this.succeeded += 1;
      return;
    }
    state.failed += 1;
    this.unexpected = { operation: name, status };
  }

  /** @returns true: no body is a failure by itself */
  private takeBody(body: string): true {
    if (this.unexpected === undefined) return true;
    const { operation, status } = this.unexpected;
    this.unexpected = undefined;
    this.failures.add(operation, 'create', new HttpStatusError(operation, status, body));
    return true;
  }

  private startRound(): void {
    this.failures.clear();
    this.lastEndMs = undefined;
    for (const state of this.states) state.sent = state.answered = state.failed = 0;
  }

  private outcome(lost: (count: number) => ReturnType<LostRequests['take']>, durationMs: number): RoundOutcome {
    const cyclesByOperation: Record<string, number> = {};
    const latency: Record<string, PhaseLatency> = {};
    const roundLatency: Record<string, PhaseLatency> = {};
    let created = 0;
    let failed = 0;
    for (const { operation, sent, answered, failed: refused, latency: recorded } of this.states) {
      const unanswered = lost(sent - answered);
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
