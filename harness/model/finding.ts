import { z } from 'zod';
import { codeLocationSchema } from './code-location.js';
import { bareIntervalSchema, intervalSchema } from './interval.js';
import { findingVerdicts, shapes } from './verdict.js';

const findingFields = {
  metric: z.string(),
  unit: z.string(),
  /** The operation that drives what was found, where one stands out. */
  operation: z.string().optional(),
  verdict: z.enum(findingVerdicts),
  shape: z.enum(shapes),
  /** Of the interval: 0.99 means 99 %. */
  confidence: z.number().min(0).max(1),
  first: z.number(),
  last: z.number(),
  /** Floors that were judged, after warm-up. */
  rounds: z.int().nonnegative(),
  warmupRounds: z.int().nonnegative().optional(),
  /** One sentence that a person understands. */
  reason: z.string(),
  /** The rule that decided, with the numbers that it compared; absent in records of older versions. */
  rule: z.object({ name: z.string(), numbers: z.record(z.string(), z.number()) }).optional(),
};

/** How a metric grows while cycles are driven or time goes by. */
const growthFinding = z.object({
  kind: z.literal('growth'),
  /** What growth is counted on. */
  axis: z.enum(['cycle', 'hour', 'row']),
  ...findingFields,
  /** What growth goes with; `sample` is the harness itself. */
  driver: z.enum(['operation', 'time', 'sample']).optional(),
  /** Growth per cycle of the operation, or per hour. */
  slope: intervalSchema,
  /** Of several operations: which of them what leaks goes with, and how much each brings per cycle of its own. */
  byOperation: z
    .array(z.object({ operation: z.string(), grows: z.enum(['yes', 'no', 'unclear']), slope: bareIntervalSchema }))
    .optional(),
  /** Largest slope that passes, in the slope's unit. */
  budget: z.number(),
  /** Smallest true slope that this run would have called a leak with 95 % probability, in the slope's unit. */
  detectionFloor: z.number().nullable(),
  /** Saturating: the level it goes to and the cycles until it is there. */
  saturation: z.object({ level: z.number(), atCycles: z.number() }).optional(),
  /** Step: at which cycle and by how much. */
  step: z.object({ atCycles: z.number(), height: z.number() }).optional(),
  /** Sawtooth: cycles from peak to peak. */
  periodCycles: z.number().optional(),
  /** Inconclusive: cycles in all after which a run like this one would decide. */
  cyclesToDecide: z.number().optional(),
  /** When a curve reaches its limit after its last reading; `null`: never, as far as its interval shows. */
  forecast: z
    .object({
      limit: z.number(),
      per: z.enum(['h', 'row']),
      estimate: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
    })
    .optional(),
  /** What comes back every day, in a curve over time; taken out before it is judged. */
  rhythm: z.object({ periodHours: z.number(), amplitude: z.number() }).optional(),
  /** Inconclusive: the timer that may take away what grew, and has not fired yet. */
  pending: z
    .object({
      location: codeLocationSchema,
      /** Of an interval. */
      everyMs: z.number().optional(),
      /** Until it may take something away. */
      dueMs: z.number(),
      /** The variable or member that it takes it from, and how many entries that had. */
      collection: z.string(),
      entries: z.number(),
    })
    .optional(),
  /** Inconclusive: what holds the growth names a time after which its entries may go. */
  expiring: z
    .object({
      holder: z.string(),
      /** Field or variable with the time, as the code calls it. */
      name: z.string(),
      /** How long entries are kept, as far as it says. */
      inMs: z.number().optional(),
      /** Where entries are added. */
      location: codeLocationSchema.optional(),
    })
    .optional(),
  /** Growth that time alone gave back while the target rested: which part of it, and how soon. */
  release: z
    .object({
      share: z.number(),
      /** By the target's clock, which may have been moved on. */
      withinMs: z.number(),
      /** What it costs to keep it for that time at the run's speed, in the metric's unit. */
      level: bareIntervalSchema.optional(),
    })
    .optional(),
});

/** A level that must stay below its budget, whatever was driven: CPU and event-loop delay at rest. */
const levelFinding = z.object({
  kind: z.literal('level'),
  ...findingFields,
  /** Median and quartiles of the readings, in the metric's own unit. */
  slope: intervalSchema,
  /** Largest level that passes, in the metric's own unit. */
  budget: z.number(),
  /** Smallest level that would have been reported. */
  detectionFloor: z.number().nullable(),
});

/** A load that no longer arrives: throughput or success that collapsed. */
const deliveryFinding = z.object({
  kind: z.literal('delivery'),
  ...findingFields,
  /** What is left of it, and what it was before, in the metric's own unit. */
  slope: intervalSchema,
  /** Level below which it counts as collapsed. */
  budget: z.number(),
  detectionFloor: z.null(),
  /** Where it collapsed, and by how much. */
  step: z.object({ atCycles: z.number(), height: z.number() }),
});

/** Records of older versions do not say what kind a finding is; the unit of its slope shows it. */
function withKind(value: unknown): unknown {
  const older = z.looseObject({ kind: z.undefined().optional(), metric: z.string(), slope: intervalSchema });
  const { success, data } = older.safeParse(value);
  if (!success) return value;
  const [, per] = data.slope.unit.split('/');
  if (per === 'cycle' || per === 'h') return { ...data, kind: 'growth', axis: per === 'h' ? 'hour' : 'cycle' };
  return { ...data, kind: 'step' in data ? 'delivery' : 'level' };
}

export const findingSchema: z.ZodType<Finding> = z.preprocess(
  withKind,
  z.discriminatedUnion('kind', [growthFinding, levelFinding, deliveryFinding]),
);

export type GrowthFinding = z.infer<typeof growthFinding>;
/** What one of several operations has to do with growth. */
export type OperationShare = NonNullable<GrowthFinding['byOperation']>[number];
export type LevelFinding = z.infer<typeof levelFinding> & Without<GrowthFinding, typeof levelFinding>;
export type DeliveryFinding = z.infer<typeof deliveryFinding> & Without<GrowthFinding, typeof deliveryFinding>;
export type Finding = GrowthFinding | LevelFinding | DeliveryFinding;
/** What only growth has may be asked of any finding. */
type Without<Whole, Part extends z.ZodType> = {
  readonly [Key in Exclude<keyof Whole, keyof z.infer<Part>>]?: undefined;
};

/** Something is kept: it grows. A level above its limit, such as a peak, fails a run too, and nothing holds it. */
export function isLeakingGrowth({ kind, verdict }: Finding): boolean {
  return kind === 'growth' && verdict === 'leak';
}
