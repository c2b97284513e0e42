import { type MetricChannel, metricDefinition } from '../model/metric.js';
import type { Manifest } from '../model/run-log.js';

/** What a metric is measured against. All in the metric's unit, slopes per cycle. */
export interface Yardstick {
  readonly metric: string;
  readonly unit: string;
  readonly channel: MetricChannel;
  /** Largest slope that passes. */
  readonly budget: number;
  /** The user named the budget: it is never widened for a short run. */
  readonly explicitBudget: boolean;
  /** Growth that a sound target may still show after warm-up, however long it runs. */
  readonly boundedGrowth: number;
  /** Smallest level shift that is told from noise. */
  readonly smallestShift: number;
  /** Growth beyond what a pool or cache of a sound service usually holds. */
  readonly capacity: number;
  /** Cycles after which steady growth is no fill, however small its amount. */
  readonly fillCycles: number;
}

interface Scale {
  readonly budget: number;
  readonly boundedGrowth: number;
  readonly smallestShift: number;
  /** Capacity for a closed universe of inputs and for ever-new ones. */
  readonly capacity: readonly [closed: number, fresh: number];
}

const kibibyte = 1024;
const heapScale: Scale = {
  budget: 4,
  boundedGrowth: 32 * kibibyte,
  smallestShift: 48 * kibibyte,
  capacity: [4096 * kibibyte, 4096 * kibibyte],
};
const residentScale: Scale = {
  budget: 512,
  boundedGrowth: 4096 * kibibyte,
  smallestShift: 1024 * kibibyte,
  capacity: [65536 * kibibyte, 65536 * kibibyte],
};
/** Every entry of a cache or a table. */
const entryScale: Scale = { budget: 0.00025, boundedGrowth: 4, smallestShift: 64, capacity: [1500, 5000] };
/** Pools of connections: up to a few hundred are sound. */
const poolScale: Scale = { ...entryScale, capacity: [300, 400] };
/** Pools of threads and processes: tens. */
const workerScale: Scale = { ...entryScale, capacity: [48, 48] };

const scales: Readonly<Record<string, Scale>> = {
  heapUsed: heapScale,
  external: heapScale,
  arrayBuffers: heapScale,
  rss: residentScale,
  pss: residentScale,
  uss: residentScale,
  threads: workerScale,
  children: workerScale,
  objects: entryScale,
  gauge: entryScale,
};

/** Steady growth over this many cycles is no fill: closed universes are passed many times, fresh ones need length. */
const fillCycles = { closed: 2400, fresh: 8000 } as const;

/** The yardstick of a metric; `undefined` for metrics that are never judged. */
export function yardstickOf(manifest: Manifest, metric: string, channel: MetricChannel): Yardstick {
  const family = metric.split('.', 1)[0]!;
  const scale = scales[family] ?? (channel === 'bytes' || channel === 'advisory' ? heapScale : poolScale);
  const { universe } = manifest.parameters;
  const closed = universe !== 'fresh';
  const budget = manifest.budgets[metric];
  return {
    metric,
    unit: metricDefinition(metric)?.unit ?? (channel === 'bytes' ? 'B' : 'units'),
    channel,
    budget: budget ?? scale.budget,
    explicitBudget: budget !== undefined,
    boundedGrowth: scale.boundedGrowth,
    smallestShift: scale.smallestShift,
    capacity: scale.capacity[closed ? 0 : 1],
    fillCycles: closed ? Math.max(fillCycles.closed, 2 * universe) : fillCycles.fresh,
  };
}
