import type { MetricValues } from '../../model/agent-protocol.js';
import type { OutsideProbe } from '../../sample/outside/outside-probe.js';

const microsecondsPerMs = 1_000;

/**
 * CPU of a round, from now on: what the target used a cycle, and what else kept the machine busy meanwhile. Throughput on
 * a machine that does other things says little without both.
 * @returns ends the round; takes the cycles that were driven
 */
export function watchCpu(probe: OutsideProbe | undefined): (cycles: number) => MetricValues {
  const targetAndMachine = probe?.watchCpu();
  const before = process.cpuUsage();
  return (cycles) => {
    const own = process.cpuUsage(before);
    const used = targetAndMachine?.();
    if (used === undefined || cycles === 0) return {};
    const { targetMs, machineMs, windowMs } = used;
    const values: MetricValues = { cpuPerCycle: targetMs / cycles };
    if (machineMs !== undefined) {
      const ownMs = (own.user + own.system) / microsecondsPerMs;
      // The kernel counts the machine in ticks: a short round may read below zero, their mean does not.
      values.cpuOthers = (machineMs - targetMs - ownMs) / windowMs;
    }
    return values;
  };
}
