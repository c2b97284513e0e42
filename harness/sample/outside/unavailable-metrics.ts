import type { MetricValues } from '../../model/agent-protocol.js';
import type { UnavailableMetric } from './outside-probe.js';

/** Which metrics could not be read the last time that was tried. */
export class UnavailableMetrics {
  private readonly reasons = new Map<string, string>();

  /** Enters `value` under `metric`, or else the reason why there is none. */
  note(values: MetricValues, metric: string, value: number | undefined, reason: string): void {
    if (value === undefined) {
      this.reasons.set(metric, reason);
      return;
    }
    values[metric] = value;
    this.reasons.delete(metric);
  }

  missing(metric: string, reason: string): void {
    this.reasons.set(metric, reason);
  }

  present(metric: string): void {
    this.reasons.delete(metric);
  }

  list(): UnavailableMetric[] {
    return [...this.reasons].map(([metric, reason]) => ({ metric, reason }));
  }
}
