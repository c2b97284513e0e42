import { z } from 'zod';
import { bareIntervalSchema as bareInterval, intervalSchema } from './interval.js';
import { findingVerdicts, runVerdicts, shapes } from './verdict.js';

/** Version of the comparison as JSON. */
export const comparisonSchemaVersion = 1;

/**
 * What became of a metric from one run to another.
 * - `fixed`: leaked before; now certified to stay within its budget
 * - `improved`: grows less than before, by more than could be chance, and is not certified
 * - `unchanged`: a difference that would matter is ruled out
 * - `worse`: grows more than before, by more than could be chance or warming up
 * - `new leak`: did not leak before; does now
 * - `cannot tell`: the runs are too short or too noisy to say
 */
export const comparisonWords = ['new leak', 'worse', 'cannot tell', 'improved', 'fixed', 'unchanged'] as const;

/** The same for what should be fast. */
export const performanceWords = ['slower', 'cannot tell', 'faster', 'unchanged'] as const;

const comparedGrowth = z.object({
  slope: intervalSchema,
  /** What this run alone says of the metric. */
  verdict: z.enum(findingVerdicts),
  shape: z.enum(shapes),
  /** Largest slope that passes in this run. */
  budget: z.number(),
  first: z.number(),
  last: z.number(),
  /** Cycles that the run drove. */
  cycles: z.number(),
});

const metricComparison = z.object({
  metric: z.string(),
  unit: z.string(),
  word: z.enum(comparisonWords),
  /** Decides the comparison; parts of a whole (`fds.file`, `objects.Session`) are shown beside it. */
  decisive: z.boolean(),
  /** Absent: this run has no such metric. */
  before: comparedGrowth.optional(),
  after: comparedGrowth.optional(),
  /** After minus before, per cycle. Absent where one side has no such metric. */
  difference: intervalSchema.optional(),
  /** Of `difference` and the slopes: 0.99 means 99 %. */
  confidence: z.number().min(0).max(1),
  /** Differences below this do not matter: warming up differs by as much, or nobody pays for them. */
  threshold: z.number(),
  /** Share of the growth before that is gone, where it leaked before: 1 means all of it. */
  removed: bareInterval.optional(),
  /** `cannot tell`: cycles that each run should have. */
  cyclesToTell: z.number().optional(),
  /** One sentence that a person understands; the metric's name comes before it. */
  reason: z.string(),
});

const performanceComparison = z.object({
  /** `throughput`, `latency.<operation>.create.p50`, ... */
  metric: z.string(),
  unit: z.string(),
  word: z.enum(performanceWords),
  before: intervalSchema,
  after: intervalSchema,
  /** After divided by before. */
  ratio: bareInterval,
  /** Of `ratio` and both levels. */
  confidence: z.number().min(0).max(1),
  /** Relative; smaller differences come with every other run of the same code. */
  threshold: z.number(),
  reason: z.string(),
});

/** `voids`: the runs do not answer the same question; compared only by force. */
export const differenceWeights = ['note', 'voids'] as const;

const runDifference = z.object({
  /** `scenario`, `operations`, `parameters.concurrency`, `environment.node`, `seed`, ... */
  subject: z.string(),
  before: z.string(),
  after: z.string(),
  weight: z.enum(differenceWeights),
  /** What it means for the comparison. */
  detail: z.string(),
});

const costComparison = z.object({
  operation: z.string(),
  metric: z.string(),
  unit: z.string(),
  before: bareInterval,
  after: bareInterval,
  difference: bareInterval,
  word: z.enum(['more', 'less', 'unchanged', 'cannot tell']),
});

const comparedRun = z.object({
  id: z.string(),
  scenario: z.string(),
  defects: z.array(z.string()),
  /** Which side of a pair this was, in the words of the user. */
  variant: z.string().optional(),
  seed: z.int(),
  startedAt: z.iso.datetime(),
  command: z.string(),
  verdict: z.enum(runVerdicts),
  reason: z.string(),
  cycles: z.number(),
  /** Of curves that something else recorded, which have no cycles. */
  readings: z.number().optional(),
  failed: z.number(),
  /** `samples`: judged from its samples; `record`: from the intervals in its record alone. */
  basis: z.enum(['samples', 'record']),
});

export const comparisonSchema = z
  .object({
    schemaVersion: z.literal(comparisonSchemaVersion),
    before: comparedRun,
    after: comparedRun,
    /** Both in one session, round by round: a noisy machine hit both alike. */
    interleaved: z.boolean(),
    /** Of the whole comparison, all metrics together. */
    confidence: z.number().min(0).max(1),
    /** The gravest word of a metric that decides; `worse` also where it got slower. */
    verdict: z.enum(comparisonWords),
    /** 0: nothing is worse; 1: something is; 2: it is not known. */
    exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    /** One sentence. */
    reason: z.string(),
    /** Gravest first. */
    metrics: z.array(metricComparison),
    performance: z.array(performanceComparison),
    /** What one live object costs, and what it leaves behind; where both runs held some. */
    footprint: z.array(costComparison).optional(),
    residue: z.array(costComparison).optional(),
    differences: z.array(runDifference),
    warnings: z.array(z.string()),
  })
  .meta({ title: 'plateau comparison', description: 'Two runs: what changed from one to the other.' });

export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparisonWord = (typeof comparisonWords)[number];
export type PerformanceWord = (typeof performanceWords)[number];
export type MetricComparison = z.infer<typeof metricComparison>;
export type PerformanceComparison = z.infer<typeof performanceComparison>;
export type RunDifference = z.infer<typeof runDifference>;
export type ComparedRun = z.infer<typeof comparedRun>;
export type ComparedGrowth = z.infer<typeof comparedGrowth>;
export type CostComparison = z.infer<typeof costComparison>;

/** How two runs are compared; everything has a default. */
export interface ComparisonOptions {
  /** Of the whole comparison. @defaultValue the lower of the two runs' */
  readonly confidence?: number;
  /** Compares runs whose differences void the comparison all the same. @defaultValue false */
  readonly force?: boolean;
  /** Both were driven in one session, round by round. @defaultValue what their manifests say */
  readonly interleaved?: boolean;
}

const gravity = new Map(comparisonWords.map((word, index) => [word, index]));

/** Sorts words gravest first. */
export function byComparisonGravity(left: ComparisonWord, right: ComparisonWord): number {
  return gravity.get(left)! - gravity.get(right)!;
}

export function exitCodeOfComparison(verdict: ComparisonWord): Comparison['exitCode'] {
  if (verdict === 'worse' || verdict === 'new leak') return 1;
  return verdict === 'cannot tell' ? 2 : 0;
}
