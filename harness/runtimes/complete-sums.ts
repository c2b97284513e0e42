import type { MetricValues } from '../model/agent-protocol.js';
import type { RuntimeConnection } from '../model/runtime.js';
import { addValues } from './merge-readings.js';

/** A measure that fails while other threads allocate mostly works a moment later. */
const readsMax = 3;
/** Part of the floors that may lack a metric; with more, its series does not stand for all processes. */
const gapShareMax = 0.1;

/** Reads a floor; again, where the process could not read one of its metrics. */
export async function readFloor(connection: RuntimeConnection): Promise<MetricValues> {
  for (let reads = 1; ; reads += 1) {
    const values = await connection.floor();
    if (reads >= readsMax || !Object.values(values).some(Number.isNaN)) return values;
  }
}

interface Gaps {
  floors: number;
  /** Floors at which some of the processes could read it and others could not. */
  partial: number;
  detail: string;
}

/** Sums over processes that lack none of them: a metric that one process cannot read has no sum at that floor. */
export class CompleteSums {
  private floors = 0;
  private readonly gaps = new Map<string, Gaps>();

  add(parts: readonly MetricValues[]): MetricValues {
    this.floors += 1;
    const sums = addValues(parts);
    for (const [metric, sum] of Object.entries(sums)) {
      if (!Number.isNaN(sum)) continue;
      delete sums[metric];
      this.note(metric, parts);
    }
    return sums;
  }

  /** Metrics without a sum at some floors. */
  audit(): { check: string; ok: boolean; detail: string }[] {
    return Array.from(this.gaps, ([metric, { floors, partial, detail }]) => ({
      check: `inside-view:${metric}`,
      // What no process can read was never part of the view; from outside it is judged all the same.
      ok: partial <= this.floors * gapShareMax,
      detail: `${detail} and had no sum at ${floors} of ${this.floors} floors`,
    }));
  }

  private note(metric: string, parts: readonly MetricValues[]): void {
    const having = parts.flatMap((values) => values[metric] ?? []);
    const unread = having.filter(Number.isNaN).length;
    const gaps = this.gaps.get(metric) ?? { floors: 0, partial: 0, detail: '' };
    gaps.floors += 1;
    if (unread < having.length) gaps.partial += 1;
    gaps.detail = `${metric} could not be read in ${unread} of ${having.length} processes`;
    this.gaps.set(metric, gaps);
  }
}
