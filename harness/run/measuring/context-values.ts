import type { MetricValues, RoundOutcome } from '../../model/agent-protocol.js';

/** What a round itself shows: throughput, success and latency, for curves and comparisons. */
export function contextValues(outcome: RoundOutcome, cyclesPerSecond: number): MetricValues {
  const started = Object.values(outcome.cyclesByOperation).reduce((sum, cycles) => sum + cycles, 0);
  const values: MetricValues = {
    throughput: cyclesPerSecond,
    successRate: started === 0 ? 0 : Math.max(0, started - outcome.failed) / started,
    ...(outcome.landedShare !== undefined && { landedShare: outcome.landedShare }),
  };
  for (const [phase, latency] of Object.entries(outcome.roundLatency)) {
    if (latency.count === 0) continue;
    values[`latency.${phase}.p50`] = latency.p50;
    values[`latency.${phase}.p99`] = latency.p99;
  }
  return values;
}
