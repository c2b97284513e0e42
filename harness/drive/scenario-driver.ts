import { type ClientFault, isUpstreamFault } from '../model/fault.js';
import type { CycleContext, Operation, Scenario, ScenarioTarget } from '../model/scenario.js';
import type { Clock } from '../platform/clock.js';
import { seededStreams } from '../platform/random.js';
import { CycleLoop, type DrivenOperation } from './cycle-loop.js';
import type { Driver } from './driver.js';
import { disturbingHttp, duringUpstreamFault, FaultReach, untilDisturbed } from './faulted-operation.js';
import { checkedGauges } from './gauges.js';
import type { OnRedirect } from './http/compile-request.js';
import { type FaultedContext, faultedRequests } from './http/faulted-requests.js';
import { FaultyClient } from './http/faulty-client.js';
import type { PooledHttpClient } from './http/http-client.js';
import type { HttpRounds } from './http/http-rounds.js';
import { type CompiledOperation, isPlain, plainOperation, requestCycle } from './http/request-operations.js';
import type { SetupValues } from './http/setup-values.js';
import { inputOf, inputsOf } from './operation-inputs.js';
import { watchForStall } from './stall-watch.js';
import { untilSettled } from './until-settled.js';
import type { UpstreamProxy } from './upstream-proxy.js';

export interface ScenarioDriverOptions {
  readonly scenario: Scenario;
  readonly target: ScenarioTarget;
  /** For operations made of requests. */
  readonly http: PooledHttpClient;
  /** Between the target and what it depends on. */
  readonly upstreams?: readonly UpstreamProxy[];
  /** Operations made of requests, by name. */
  readonly requests: ReadonlyMap<string, CompiledOperation>;
  /** Takes what `setup` returned. */
  readonly setupValues: Pick<SetupValues, 'take'>;
  readonly seed: number;
  /** Takes what the user should know of the run. */
  readonly warn: (message: string) => void;
  /** Number of the first cycle of each operation. @defaultValue 0 */
  readonly firstCycle?: number;
  /** Cycles at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly stallMs: number;
}

/** Runs the operations of a scenario module here, in plateau, against the target. */
export function createScenarioDriver(options: ScenarioDriverOptions): Driver {
  const { scenario, target, http, requests: compiled, warn, clock, signal, stallMs } = options;
  const names = Object.keys(scenario.operations);
  const watched: WatchedOptions = {
    ...options,
    reads: readByRequests(options),
    drawn: {},
    reaches: [],
    onRedirect: warnOfRedirects(warn),
  };
  const { reads, drawn, reaches } = watched;
  const loop = new CycleLoop(
    names.map((name) => ({
      ...drivenOperation(name, watched),
      isDisturbed: scenario.operations[name]!.fault !== undefined,
    })),
    options.firstCycle,
  );
  const hasFaults = names.some((name) => scenario.operations[name]!.fault !== undefined);
  const requests = [...compiled.values()];
  const isAllPlain = requests.length === names.length && requests.every(isPlain);
  // At the end of a round autocannon leaves the other answers of a pipeline unread.
  const byAutocannon = isAllPlain && (scenario.pipelining ?? 1) === 1 && !scenario.http?.http2;
  let openAfterSetup = 0;
  let hasWarned = false;
  let plainRounds: HttpRounds | undefined;
  let driving: CycleLoop | HttpRounds = loop;
  const progress = () => Promise.resolve(driving.progress);
  return {
    operations: names,
    hasGauges: scenario.gauges !== undefined,
    canHold: !isAllPlain,
    settleMs: scenario.settle?.afterMs ?? 0,
    drawsOwnInputs: () => reads.cycle && !reads.input,
    staysConnected: () => plainRounds?.staysOpen ?? http.isConnected,
    setup: async () => {
      options.setupValues.take(await scenario.setup?.({ target }));
      openAfterSetup = http.openHandles;
      if (byAutocannon) plainRounds = await roundsOfRequests(requests, watched);
    },
    round: async (plan) => {
      drawn.inputs = plan.part?.inputs;
      // A rate is kept by beginning cycles at their time, whatever became of those before.
      driving = plan.ratePerSecond === undefined ? (plainRounds ?? loop) : loop;
      const outcome = await watchForStall(driving.drive({ ...plan, signal }), progress, { clock, stallMs });
      for (const reach of reaches) reach.check();
      // How many connections are open depends on how many cycles were left alone: none may stand in the floor.
      if (hasFaults) http.renew();
      const leftOpen = http.openHandles - openAfterSetup;
      if (leftOpen > 0 && !hasWarned) warn(leftOpenWarning(leftOpen));
      hasWarned ||= leftOpen > 0;
      return outcome;
    },
    hold: (request) => watchForStall(loop.hold(request), progress, { clock, stallMs }),
    release: (request) => watchForStall(loop.release(request), progress, { clock, stallMs }),
    progress,
    gauges: async () => checkedGauges(scenario.name, await scenario.gauges?.({ target })),
    settled: () => untilSettled(scenario, target, clock, signal),
    teardown: async () => void (await scenario.teardown?.({ target })),
    close: () => plainRounds?.close(),
  };
}

/** What is soaked then is the redirect alone, which few mean; each operation is named once. */
function warnOfRedirects(warn: (message: string) => void): OnRedirect {
  const named = new Set<string>();
  return (operation, status) => {
    if (named.has(operation)) return;
    named.add(operation);
    warn(
      `${operation} is answered with a redirect (HTTP ${status}), which is not followed: ask for the path that it leads to, or send what signs in`,
    );
  };
}

/** What the scenario leaves open looks like a leak of its target. */
function leftOpenWarning(handles: number): string {
  const what = handles === 1 ? 'stream or WebSocket' : 'streams or WebSockets';
  return `the scenario leaves ${handles} ${what} open after a round: close them in \`destroy\`, else what they hold grows in the target`;
}

/** @returns undefined where the target closes connections: then only the cycle loop counts what is lost rightly */
async function roundsOfRequests(
  requests: readonly CompiledOperation[],
  options: WatchedOptions,
): Promise<HttpRounds | undefined> {
  const { scenario, target } = options;
  const context = requestContext(options);
  // Loaded here: loading autocannon takes 150 ms of CPU, and functions that ask do without it.
  const { HttpRounds } = await import('./http/http-rounds.js');
  const rounds = new HttpRounds(
    requests.map((request) => plainOperation(request, context)),
    target.url,
    { headers: scenario.http?.headers, firstCycle: options.firstCycle, onRedirect: options.onRedirect },
  );
  if (!(await rounds.keepsConnections())) return undefined;
  await rounds.letStay(options.concurrency);
  return rounds;
}

function requestContext({ scenario, seed, http, target, drawn, onRedirect }: WatchedOptions): FaultedContext {
  return {
    http,
    onRedirect,
    client: new FaultyClient(target.url, scenario.http),
    inputsOf: (name) => {
      const inputs = inputsOf(scenario, name);
      const randomOf = seededStreams(seed, name);
      return (cycle) => inputOf(drawn.inputs ?? inputs, randomOf(cycle), cycle);
    },
    randomsOf: (name) => seededStreams(seed, 'fault', name),
  };
}

/** Which values of a cycle the requests of a scenario hold. */
function readByRequests({ scenario, requests }: ScenarioDriverOptions): { input: boolean; cycle: boolean } {
  const text = JSON.stringify([...requests.keys()].map((name) => scenario.operations[name]));
  return { input: /\{(input|csv:)/.test(text), cycle: text.includes('{cycle}') };
}

interface WatchedOptions extends ScenarioDriverOptions {
  /** What the scenario's functions were seen to read. */
  readonly reads: { input: boolean; cycle: boolean };
  /** What the round that is driven draws inputs from, in place of those of each operation. */
  readonly drawn: { inputs?: readonly number[] | undefined };
  readonly onRedirect: OnRedirect;
  /** Of faults in operations that are made of functions. */
  readonly reaches: FaultReach[];
}

function drivenOperation(name: string, options: WatchedOptions): DrivenOperation {
  const { scenario, requests, upstreams = [] } = options;
  const { fault } = scenario.operations[name]!;
  const request = requests.get(name);
  if (fault !== undefined && isUpstreamFault(fault)) {
    const plain = request ? requestCycle(request, requestContext(options)) : functionOperation(name, options);
    return duringUpstreamFault(plain, fault, upstreams);
  }
  if (request === undefined)
    return fault === undefined
      ? functionOperation(name, options)
      : untilDisturbed(functionOperation(name, options, fault));
  const context = requestContext(options);
  return fault === undefined ? requestCycle(request, context) : faultedRequests(request, fault, context);
}

function functionOperation(name: string, options: WatchedOptions, fault?: ClientFault): DrivenOperation {
  const { scenario, target, seed, signal, reads, drawn } = options;
  const { weight = 1, ...operation } = scenario.operations[name] as Operation<unknown>;
  const inputs = inputsOf(scenario, name);
  const randomOf = seededStreams(seed, name);
  const context = (cycle: number): CycleContext => {
    const random = randomOf(cycle);
    const input = inputOf(drawn.inputs ?? inputs, random, cycle);
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
  const disturbedTarget = fault === undefined ? undefined : disturbedTargets(name, fault, options);
  const disturbed = (cycle: number) =>
    disturbedTarget && Object.assign(context(cycle), { target: disturbedTarget(cycle) });
  return {
    name,
    weight,
    create: (cycle) => operation.create(disturbed(cycle) ?? context(cycle)),
    destroy: (handle, cycle) => operation.destroy(handle, context(cycle)),
  };
}

/** The target as the function of a cycle sees it, whose request is disturbed. */
function disturbedTargets(
  name: string,
  fault: ClientFault,
  options: WatchedOptions,
): (cycle: number) => ScenarioTarget {
  const { scenario, target, seed, reaches } = options;
  const client = new FaultyClient(target.url, scenario.http);
  const randomOf = seededStreams(seed, 'fault', name);
  const reach = new FaultReach(name, fault);
  reaches.push(reach);
  return (cycle) => {
    const random = randomOf(cycle);
    const isReached = reach.beginCycle();
    const http = disturbingHttp((request) => {
      isReached();
      return client.send(fault, request, random);
    });
    return Object.create(target, { http: { value: http } }) as ScenarioTarget;
  };
}
