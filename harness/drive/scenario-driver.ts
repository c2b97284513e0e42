import type { CycleContext, Scenario, ScenarioTarget } from '../model/scenario.js';
import type { Clock } from '../platform/clock.js';
import { randomInteger, seededRandom } from '../platform/random.js';
import { CycleLoop, type DrivenOperation } from './cycle-loop.js';
import type { Driver } from './driver.js';
import { checkedGauges } from './gauges.js';
import { watchForStall } from './stall-watch.js';

const defaultUniverse = 256;
const defaultSettleTimeoutMs = 10_000;
const pollMs = 10;

export interface ScenarioDriverOptions {
  readonly scenario: Scenario;
  readonly target: ScenarioTarget;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly stallMs: number;
}

/** Runs the operations of a scenario module here, in plateau, against the target. */
export function createScenarioDriver(options: ScenarioDriverOptions): Driver {
  const { scenario, target, clock, signal, stallMs } = options;
  const names = Object.keys(scenario.operations);
  const loop = new CycleLoop(names.map((name) => drivenOperation(name, options)));
  const progress = () => Promise.resolve(loop.progress);
  return {
    operations: names,
    hasGauges: scenario.gauges !== undefined,
    canHold: true,
    settleMs: scenario.settle?.afterMs ?? 0,
    setup: async () => void (await scenario.setup?.({ target })),
    round: (plan) => watchForStall(loop.drive({ ...plan, signal }), progress, { clock, stallMs }),
    hold: (request) => watchForStall(loop.hold(request), progress, { clock, stallMs }),
    release: (request) => watchForStall(loop.release(request), progress, { clock, stallMs }),
    progress,
    gauges: async () => checkedGauges(scenario.name, await scenario.gauges?.({ target })),
    settled: () => untilSettled(scenario, target, clock, signal),
    teardown: async () => void (await scenario.teardown?.({ target })),
  };
}

function drivenOperation(name: string, { scenario, target, seed, signal }: ScenarioDriverOptions): DrivenOperation {
  const { weight = 1, ...operation } = scenario.operations[name]!;
  const universe = scenario.universe ?? defaultUniverse;
  const context = (cycle: number): CycleContext => {
    const random = seededRandom(seed, name, cycle);
    const input = universe === 'fresh' ? cycle : randomInteger(random, 0, universe - 1);
    return { target, cycle, input, random, signal };
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
