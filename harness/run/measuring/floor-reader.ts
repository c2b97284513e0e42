import type { Driver } from '../../drive/driver.js';
import type { MetricValues } from '../../model/agent-protocol.js';
import type { InsideView } from '../../model/runtime.js';
import type { RunningTarget } from '../../model/target.js';
import type { Clock } from '../../platform/clock.js';
import type { OutsideProbe } from '../../sample/outside/outside-probe.js';
import type { ChildProcesses } from './child-processes.js';
import { floorSettling } from './floor-settling.js';

/** A blocked event loop answers late; one that never answers is a stall. */
const answerTimeoutMs = 60_000;
const quiescencePollMs = 3;
const quiescenceTimeoutMs = 2_000;
const idleWindowMs = 60;

export interface FloorReader {
  /**
   * Lets the target come to rest, collects garbage, and reads every metric.
   * @param count what else to read of the resting target, before the collection
   */
  read(count?: () => Promise<MetricValues>): Promise<MetricValues>;
  /** The same while objects are held: the scenario's own condition for a floor may be that there are none. */
  readHolding(): Promise<MetricValues>;
  /** CPU and loop delay of a moment in which nothing is asked. */
  readIdle(): Promise<MetricValues>;
  /** What is cheap, while the target is driven. */
  readLoad(): Promise<MetricValues>;
  /** Floors for which the scenario's own settle condition did not hold in time. */
  readonly unsettled: number;
}

export interface FloorReaderParts {
  readonly target: RunningTarget;
  readonly driver: Driver;
  readonly probe: OutsideProbe | undefined;
  readonly inside: InsideView | undefined;
  readonly children: ChildProcesses | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export function createFloorReader({
  target,
  driver,
  probe,
  inside,
  children,
  clock,
  signal,
}: FloorReaderParts): FloorReader {
  const { agent } = target;
  let unsettled = 0;

  const quiesce = async (holding = false) => {
    if (driver.settleMs > 0) await clock.wait(driver.settleMs, signal);
    if (!holding && !(await driver.settled())) unsettled += 1;
    const deadline = clock.monotonicMs() + quiescenceTimeoutMs;
    const resources = async () =>
      agent === undefined
        ? (await probe?.read({ detail: 'light' }))?.fds
        : (await agent.request('pending', {}, { timeoutMs: answerTimeoutMs })).resources;
    let before = await resources();
    while (clock.monotonicMs() < deadline && !signal.aborted) {
      await clock.wait(quiescencePollMs, signal);
      const now = await resources();
      if (now === before) return;
      before = now;
    }
  };

  const values = async (count?: () => Promise<MetricValues>): Promise<MetricValues> => {
    const gauges = await driver.gauges();
    const counted = await count?.();
    const own =
      agent === undefined
        ? await inside?.floor()
        : await agent.request('floor', floorSettling, { timeoutMs: answerTimeoutMs });
    const ofChildren = await children?.floor(probe?.descendants ?? []);
    // Last, since the collection calms what is resident.
    const outside = await probe?.read({ detail: 'floor' });
    const read: MetricValues = { ...outside, ...own, ...ofChildren, ...counted };
    for (const [name, value] of Object.entries(gauges)) read[`gauge.${name}`] = value;
    return read;
  };

  return {
    get unsettled() {
      return unsettled;
    },
    async read(count) {
      await quiesce();
      return values(count);
    },
    async readHolding() {
      await quiesce(true);
      return values();
    },
    async readIdle() {
      if (agent !== undefined) return agent.request('idle', { windowMs: idleWindowMs }, { timeoutMs: answerTimeoutMs });
      const cpuIdle = await probe?.measureIdleCpu(idleWindowMs, signal);
      return cpuIdle === undefined ? {} : { cpuIdle };
    },
    async readLoad() {
      const own =
        agent === undefined ? await inside?.load() : await agent.request('load', {}, { timeoutMs: answerTimeoutMs });
      return { ...(await probe?.read({ detail: 'light' })), ...own };
    },
  };
}
