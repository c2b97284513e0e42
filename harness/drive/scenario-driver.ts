import type { CycleContext, Operation, Scenario, ScenarioTarget } from '../model/scenario.js';
import type { Clock } from '../platform/clock.js';
import { type Random, randomInteger, seededRandom } from '../platform/random.js';
import { CycleLoop, type DrivenOperation } from './cycle-loop.js';
import type { Driver } from './driver.js';
import { checkedGauges } from './gauges.js';
import type { PooledHttpClient } from './http/http-client.js';
import { HttpRounds } from './http/http-rounds.js';
import {
  type CompiledOperation,
  isPlain,
  plainOperation,
  type RequestContext,
  requestCycle,
} from './http/request-operations.js';
import { watchForStall } from './stall-watch.js';

const defaultUniverse = 256;
const defaultSettleTimeoutMs = 10_000;
const pollMs = 10;

export interface ScenarioDriverOptions {
  readonly scenario: Scenario;
  readonly target: ScenarioTarget;
  /** For operations made of requests. */
  readonly http: PooledHttpClient;
  /** Operations made of requests, by name. */
  readonly requests: ReadonlyMap<string, CompiledOperation>;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly stallMs: number;
}

/** Runs the operations of a scenario module here, in plateau, against the target. */
export function createScenarioDriver(options: ScenarioDriverOptions): Driver {
  const { scenario, target, requests: compiled, clock, signal, stallMs } = options;
  const names = Object.keys(scenario.operations);
  const reads = { input: false, cycle: false };
  const loop = new CycleLoop(names.map((name) => drivenOperation(name, compiled.get(name), options, reads)));
  const requests = [...compiled.values()];
  const isAllPlain = requests.length === names.length && requests.every(isPlain);
  // At the end of a round autocannon leaves the other answers of a pipeline unread.
  const byAutocannon = isAllPlain && (scenario.pipelining ?? 1) === 1;
  let plainRounds: HttpRounds | undefined;
  let driving: CycleLoop | HttpRounds = loop;
  const progress = () => Promise.resolve(driving.progress);
  return {
    operations: names,
    hasGauges: scenario.gauges !== undefined,
    canHold: !isAllPlain,
    settleMs: scenario.settle?.afterMs ?? 0,
    drawsOwnInputs: () => reads.cycle && !reads.input,
    setup: async () => {
      await scenario.setup?.({ target });
      if (byAutocannon) plainRounds = await roundsOfRequests(requests, options);
    },
    round: (plan) => {
      // A rate is kept by beginning cycles at their time, whatever became of those before.
      driving = plan.ratePerSecond === undefined ? (plainRounds ?? loop) : loop;
      return watchForStall(driving.drive({ ...plan, signal }), progress, { clock, stallMs });
    },
    hold: (request) => watchForStall(loop.hold(request), progress, { clock, stallMs }),
    release: (request) => watchForStall(loop.release(request), progress, { clock, stallMs }),
    progress,
    gauges: async () => checkedGauges(scenario.name, await scenario.gauges?.({ target })),
    settled: () => untilSettled(scenario, target, clock, signal),
    teardown: async () => void (await scenario.teardown?.({ target })),
  };
}

/** @returns undefined where the target closes connections: then only the cycle loop counts what is lost rightly */
async function roundsOfRequests(
  requests: readonly CompiledOperation[],
  options: ScenarioDriverOptions,
): Promise<HttpRounds | undefined> {
  const { target } = options;
  const context = requestContext(options);
  const rounds = new HttpRounds(
    requests.map((request) => plainOperation(request, context)),
    target.url,
  );
  return (await rounds.keepsConnections()) ? rounds : undefined;
}

function requestContext({ scenario, seed, http }: ScenarioDriverOptions): RequestContext {
  const universe = scenario.universe ?? defaultUniverse;
  return {
    http,
    inputOf: (name, cycle) => inputOf(universe, seededRandom(seed, name, cycle), cycle),
  };
}

function inputOf(universe: number | 'fresh', random: Random, cycle: number): number {
  return universe === 'fresh' ? cycle : randomInteger(random, 0, universe - 1);
}

function drivenOperation(
  name: string,
  compiled: CompiledOperation | undefined,
  options: ScenarioDriverOptions,
  reads: { input: boolean; cycle: boolean },
): DrivenOperation {
  const { scenario, target, seed, signal } = options;
  if (compiled !== undefined) return requestCycle(compiled, requestContext(options));
  const { weight = 1, ...operation } = scenario.operations[name] as Operation<unknown>;
  const universe = scenario.universe ?? defaultUniverse;
  const context = (cycle: number): CycleContext => {
    const random = seededRandom(seed, name, cycle);
    const input = inputOf(universe, random, cycle);
    return {
      target,
      get cycle() {
        reads.cycle = true;
        return cycle;
      },
      get input() {
        reads.input = true;
        return input;
      },
      get random() {
        reads.cycle = true;
        return random;
      },
      signal,
    };
  };
  return {
    name,
    weight,
    create: (cycle) => operation.create(context(cycle)),
    destroy: (handle, cycle) => operation.destroy(handle, context(cycle)),
  };
}

async function untilSettled(
  scenario: Scenario,
  target: ScenarioTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const { until, timeoutMs = defaultSettleTimeoutMs } = scenario.settle ?? {};
  if (until === undefined) return true;
  const startedMs = clock.monotonicMs();
  while (!(await until({ target }))) {
    if (signal.aborted || clock.monotonicMs() - startedMs > timeoutMs) return false;
    await clock.wait(pollMs, signal);
  }
  return true;
}
