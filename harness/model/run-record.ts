import { z } from 'zod';
import { findingVerdicts, runVerdicts, shapes } from './verdict.js';

/** Version of the run record and of the manifest on disk. */
export const schemaVersion = 1;

export const intervalSchema = z.object({
  estimate: z.number(),
  low: z.number(),
  high: z.number(),
  /** `B/cycle`, `fds/cycle`, `entries/h`, ... */
  unit: z.string(),
});

/** An interval without a unit of its own. */
export const bareIntervalSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() });

/** What live objects of one operation cost: some were created and kept, and destroyed again, a few times over. */
export const footprintSchema = z.object({
  operation: z.string(),
  /** Held at once. */
  objects: z.int().positive(),
  repeats: z.int().positive(),
  /** Of the intervals. */
  confidence: z.number().min(0).max(1),
  /** Each for one object; metrics that neither cost nor rest are left out. */
  metrics: z.array(
    z.object({
      metric: z.string(),
      unit: z.string(),
      /** While it lives. */
      live: bareIntervalSchema,
      /** After it was destroyed. */
      residue: bareIntervalSchema,
    }),
  ),
});

export const codeLocationSchema = z.object({
  /** Absolute path or `node:` / `package@version/path` name, after source maps. */
  file: z.string(),
  /** 1-based. */
  line: z.int().positive(),
  /** 1-based. */
  column: z.int().positive().optional(),
  function: z.string().optional(),
  /** `name@version` when the file lies in node_modules. */
  package: z.string().optional(),
  /** The line itself, trimmed, when the file could be read. */
  source: z.string().optional(),
});

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

const finding: z.ZodType<Finding> = z.preprocess(
  withKind,
  z.discriminatedUnion('kind', [growthFinding, levelFinding, deliveryFinding]),
);

const suspect = z.object({
  kind: z.enum([
    'allocation-site',
    'retainer',
    'fd',
    'handle',
    'timer',
    'process',
    'file',
    'gauge',
    'thread',
    'cpu',
    'call',
  ]),
  description: z.string(),
  metric: z.string().optional(),
  location: codeLocationSchema.optional(),
  stack: z.array(codeLocationSchema).optional(),
  /** The nearest place behind `location` on the stack in the target's own code, when that lies in a package or a call waits there. */
  calledFrom: codeLocationSchema.optional(),
  holder: z
    .object({ description: z.string(), path: z.array(z.string()), location: codeLocationSchema.optional() })
    .optional(),
  operation: z.string().optional(),
  perCycle: intervalSchema,
  /** Part of its metric's growth, 0 to 1 (a little more when sampling overestimates). */
  share: z.number(),
  /** Live bytes or counts at the floors of the attribution pass: `[cycles, value]`. */
  series: z.array(z.tuple([z.number(), z.number()])).optional(),
});

const environment = z.object({
  plateau: z.string(),
  node: z.string(),
  platform: z.string(),
  cpuModel: z.string(),
  cores: z.int().positive(),
  memoryBytes: z.number().positive(),
  gitCommit: z.string().optional(),
  /** Node version of the target where the agent could report it. */
  targetNode: z.string().optional(),
});

export const runRecordSchema = z
  .object({
    schemaVersion: z.literal(schemaVersion),
    id: z.string(),
    scenario: z.string(),
    defects: z.array(z.string()),
    seed: z.int(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime(),
    command: z.string(),
    environment,
    parameters: z.record(z.string(), z.json()),
    counts: z.object({
      cycles: z.int().nonnegative(),
      created: z.int().nonnegative(),
      destroyed: z.int().nonnegative(),
      failed: z.int().nonnegative(),
      rounds: z.int().nonnegative(),
      warmupRounds: z.int().nonnegative(),
    }),
    verdict: z.enum(runVerdicts),
    exitCode: z.int().nonnegative(),
    reason: z.string(),
    findings: z.array(finding),
    suspects: z.array(suspect),
    /** Share of each leaking metric's growth that the suspects account for. */
    explained: z.record(z.string(), z.number()).optional(),
    /** What known growth was judged against. */
    baseline: z.object({ source: z.string(), run: z.string(), recordedAt: z.iso.datetime() }).optional(),
    /** `--tag key=value`: what the user wants to find the run by. */
    tags: z.record(z.string(), z.string()).optional(),
    /** What a live object of each operation costs and leaves behind, where the run held some. */
    footprint: z.array(footprintSchema).optional(),
    /** Latency over the whole run in ms, by operation and phase. */
    latency: z
      .record(
        z.string(),
        z.object({
          count: z.int().nonnegative(),
          p50: z.number(),
          p90: z.number(),
          p99: z.number(),
          max: z.number(),
        }),
      )
      .optional(),
    /** Failed creates and destroys by operation, phase and kind. */
    failures: z
      .array(
        z.object({
          operation: z.string(),
          phase: z.enum(['create', 'destroy']),
          kind: z.string(),
          count: z.int().positive(),
          message: z.string(),
        }),
      )
      .optional(),
    /** What to do about a run that failed. */
    hint: z.string().optional(),
    /** What a target that failed printed last; the whole of it is in `log`, relative to the run directory. */
    targetOutput: z.object({ lastLines: z.array(z.string()), log: z.string().optional() }).optional(),
    audit: z.array(z.object({ check: z.string(), ok: z.boolean(), detail: z.string() })),
    warnings: z.array(z.string()),
    artifacts: z.array(z.object({ kind: z.string(), path: z.string() })),
    rerun: z.string(),
  })
  .meta({ title: 'plateau run record', description: 'One run: what was driven, measured and judged.' });

export type RunRecord = z.infer<typeof runRecordSchema>;
export type GrowthFinding = z.infer<typeof growthFinding>;
export type LevelFinding = z.infer<typeof levelFinding> & Without<GrowthFinding, typeof levelFinding>;
export type DeliveryFinding = z.infer<typeof deliveryFinding> & Without<GrowthFinding, typeof deliveryFinding>;
export type Finding = GrowthFinding | LevelFinding | DeliveryFinding;
/** What only growth has may be asked of any finding. */
type Without<Whole, Part extends z.ZodType> = {
  readonly [Key in Exclude<keyof Whole, keyof z.infer<Part>>]?: undefined;
};
export type Suspect = z.infer<typeof suspect>;
export type BareInterval = z.infer<typeof bareIntervalSchema>;
export type Footprint = z.infer<typeof footprintSchema>;
export type Interval = z.infer<typeof intervalSchema>;
export type CodeLocation = z.infer<typeof codeLocationSchema>;
export type Environment = z.infer<typeof environment>;
export type AuditEntry = RunRecord['audit'][number];
export type FailureCount = NonNullable<RunRecord['failures']>[number];
export type LatencySummary = NonNullable<RunRecord['latency']>[string];
