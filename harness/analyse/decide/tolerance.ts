import { type MetricScale, metricDefinition, parentMetric } from '../../model/metric.js';
import { ownValue } from '../../model/own-value.js';
import type { GaugeKind, Manifest, MemoryManagement } from '../../model/run-log.js';
import { bytesPerMebibyte } from '../../model/units.js';
import { countAllowance } from '../series/floors.js';

/** What a metric is measured against. All in the metric's unit, slopes per cycle. */
export interface Tolerance {
  readonly metric: string;
  readonly unit: string;
  /** Largest slope that passes. */
  readonly budget: number;
  /** The user named the budget: it is never widened for a short run. */
  readonly explicitBudget: boolean;
  /** Slopes above this are leaks once they are steady: the budget, or less in a series that cannot be prolonged. */
  readonly leakBudget: number;
  /** Growth in the second half of the cycles that is never a leak. */
  readonly leakAllowance: number;
  /** A budget that a short run would have to widen beyond this passes nobody. */
  readonly budgetMax: number;
  /** Growth that a sound target may still show after warm-up, however long it runs. */
  readonly allowance: number;
  /** Present where the metric is the pages of a process: who decides which of them stay. */
  readonly pages?: MemoryManagement;
  /** Smallest level shift that is distinguished from noise. */
  readonly shiftMin: number;
  /** Growth beyond what a pool or cache of a sound service usually holds. */
  readonly capacity: number;
  /** Cycles after which steady growth is no fill, however small its amount. */
  readonly fillCycles: number;
  /** Fewest cycles on which growth beyond the capacity is a leak. */
  readonly cyclesMin: number;
  /** What the growth runs into, for the sentence: 1 GiB, 1,024 descriptors. */
  readonly limit: { readonly amount: number; readonly name: string };
}

interface Scale extends Pick<Tolerance, 'budget' | 'budgetMax' | 'allowance' | 'cyclesMin' | 'limit'> {
  /** For a closed universe of inputs, and for ever-new ones. */
  readonly capacity: readonly [closed: number, fresh: number];
  /** A sound target may keep one for each input. */
  readonly holdsKeys?: true;
}

const kibibyte = bytesPerMebibyte / 1024;

const bytes = {
  cyclesMin: 500,
  capacity: [4 * bytesPerMebibyte, 8 * bytesPerMebibyte],
  limit: { amount: 1024 * bytesPerMebibyte, name: '1 GiB' },
} as const;
const counts = { budget: 0.00025, budgetMax: 0.2, allowance: countAllowance } as const;
const keyed = { ...counts, holdsKeys: true, limit: { amount: 10_000_000, name: '10 million' } } as const;

/** How much of a metric is sound, whatever the target. */
const scales: Readonly<Record<MetricScale | 'interpretedHeap' | 'exactMemory', Scale>> = {
  /** V8 heap and what hangs on it: read to the byte after a collection, 5 to 15 KiB of noise. */
  heap: { ...bytes, budget: 8, budgetMax: 512, allowance: 32 * kibibyte },
  /**
   * Heaps of worker threads, whose compiled code is read with what lives there; pages of arenas that allocators inside
   * WebAssembly touch for the first time: fewer and fewer once they are warm; and memory of the C library in a Node process,
   * with V8's own: it grew by 130 KiB while 5,000 functions were compiled, one after the other.
   */
  mixedHeap: { ...bytes, budget: 16, budgetMax: 512, allowance: 64 * kibibyte },
  /** Without compilers the heap is read to a fifth of a KiB. */
  interpretedHeap: { ...bytes, budget: 0.5, budgetMax: 32, allowance: 2 * kibibyte },
  /**
   * Live memory of other runtimes, after their own collection: their noise is 0 to 5 KiB, and no compiler works in their heap.
   * A run that is too short for 64 B a cycle passes nobody: what grows faster shows beyond the allowance by then.
   */
  exactMemory: { ...bytes, budget: 8, budgetMax: 64, allowance: 8 * kibibyte },
  /**
   * Private pages of a process that is seen from outside. Sound services in C, Rust, Python, Redis and nginx stayed within
   * 16 KiB once they were warm; those of Go and Java moved by MiB.
   */
  pages: {
    ...bytes,
    budget: 16,
    budgetMax: 128,
    allowance: 16 * kibibyte,
    capacity: [64 * bytesPerMebibyte, 64 * bytesPerMebibyte],
  },
  /** Entries of caches, tables and queues: up to some thousands are sound. */
  entries: { ...keyed, capacity: [1600, 5000], cyclesMin: 300 },
  /** Files that are for the time being: a cache on disk has one a key, and is no larger in a closed universe of inputs. */
  files: { ...keyed, capacity: [300, 1600], cyclesMin: 150 },
  /** Pools of connections: up to a few hundred are sound. */
  connections: { ...counts, capacity: [300, 400], cyclesMin: 150, limit: { amount: 1024, name: '1,024' } },
  /** Pools of threads and processes: tens. One of them costs megabytes, so it must be reported soon. */
  workers: { ...counts, capacity: [40, 40], cyclesMin: 40, limit: { amount: 1000, name: '1,000' } },
};

/** Height of a level shift that is no noise, in allowances: 48 KiB of a heap, three times its noise. */
const shiftAllowances = 1.5;

function gaugeKindOf({ gauges }: Manifest, metric: string): GaugeKind['kind'] | undefined {
  return metric.startsWith('gauge.') ? ownValue(gauges, metric.slice('gauge.'.length))?.kind : undefined;
}

function scaleOf(metric: string, unit: string, manifest: Manifest): keyof typeof scales {
  const { parameters, visibility, channels } = manifest;
  if (gaugeKindOf(manifest, metric) === 'bytes') return 'exactMemory';
  const definition = metricDefinition(metric);
  const usual: MetricScale = unit === 'B' ? 'heap' : definition === undefined ? 'entries' : 'connections';
  const scale = (visibility === 'node' ? definition?.inNode?.scale : undefined) ?? definition?.scale ?? usual;
  if (scale !== 'heap') return scale;
  if (parameters.interpreterOnly) return 'interpretedHeap';
  return visibility === 'node' || channels !== undefined ? scale : 'exactMemory';
}

/**
 * What condemns. Sound services over HTTP were seen to creep by 5 to 15 B a cycle, 60 to 110 KiB over a doubling of the
 * cycles, until 40,000 cycles: a run outlasts that. A recorded series cannot be prolonged and is judged as it stands;
 * that is calibrated on 13,000 cycles of settled services.
 */
const recorded = { leakBudgetShare: 5 / 8, allowances: { closed: 1, fresh: 1 } } as const;
const prolongable = { leakBudgetShare: 1, allowances: { closed: 2.5, fresh: 5 } } as const;

/**
 * A garbage collector begins its work when its heap has grown to this: Go's at 4 MiB, others later. Until then a sound
 * process grows in a straight line, and a leak of so much may hide in pages that it has already.
 */
export const collectedHeapBytes = 4 * bytesPerMebibyte;

/**
 * Pages that no collector manages. A warm process touches stacks, buffers and tables for the first time, over a doubling of the
 * cycles. Noise of 100 and 400 KB hid 20 and 32 B a cycle in 3,000 to 13,000 cycles where it could widen the budget to 128 B.
 * With this one, sound series of such noise pass from 13,000 and 60,000 cycles on.
 */
const manualPages = { leakAllowance: bytesPerMebibyte / 8, budgetMax: 32 } as const;

/** Cycles of steady growth that no fill lasts: closed universes are passed many times by then, fresh ones need length. */
const closedFillCycles = 1600;
const freshFillCycles = { min: 8000, max: 50_000, ofMs: 6000 } as const;
/** Growth beyond the capacity is a leak after this time of ever-new inputs, or after very few cycles that cost much. */
const freshMinMs = 2000;

/**
 * The tolerance of a metric.
 * @param cyclesPerMs speed of the run: where cycles are cheap, more of them are asked for
 * @param memory of the target's process
 */
export function toleranceOf(
  manifest: Manifest,
  metric: string,
  cyclesPerMs: number,
  memory: MemoryManagement = 'unknown',
): Tolerance {
  const isInBytes = ownValue(manifest.channels, metric) === 'bytes' || gaugeKindOf(manifest, metric) === 'bytes';
  const unit = isInBytes ? 'B' : (metricDefinition(metric)?.unit ?? 'units');
  const scaleName = scaleOf(metric, unit, manifest);
  const { capacity, holdsKeys, ...scale } = scales[scaleName];
  const { universe } = manifest.parameters;
  const closed = universe !== 'fresh';
  // What a metric may grow by, its parts may too.
  const budget = ownValue(manifest.budgets, metric) ?? ownValue(manifest.budgets, parentMetric(metric) ?? '');
  const { leakBudgetShare, allowances } = manifest.channels === undefined ? prolongable : recorded;
  const isHeap = scaleName === 'heap' || scaleName === 'exactMemory';
  const allowed = scale.allowance * (isHeap ? allowances[closed ? 'closed' : 'fresh'] : 1);
  const pages = { pages: memory, ...(memory === 'manual' ? manualPages : { leakAllowance: collectedHeapBytes }) };
  const { min, max, ofMs } = freshFillCycles;
  return {
    ...scale,
    metric,
    unit,
    budget: budget ?? scale.budget,
    explicitBudget: budget !== undefined,
    leakBudget: budget ?? scale.budget * leakBudgetShare,
    leakAllowance: allowed,
    shiftMin: shiftAllowances * scale.allowance,
    ...(scaleName === 'pages' && pages),
    capacity: closed ? Math.max(capacity[0], holdsKeys ? universe : 0) : capacity[1],
    cyclesMin:
      closed || scaleName === 'workers'
        ? scale.cyclesMin
        : Math.max(scale.cyclesMin, Math.min(min, cyclesPerMs * freshMinMs)),
    fillCycles: closed
      ? Math.max(closedFillCycles, 2 * universe)
      : Math.min(max, Math.max(min, Math.round(cyclesPerMs * ofMs))),
  };
}
