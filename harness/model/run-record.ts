import { z } from 'zod';
import { codeLocationSchema } from './code-location.js';
import { findingSchema } from './finding.js';
import { bareIntervalSchema, intervalSchema } from './interval.js';
import { runEnds, runVerdicts } from './verdict.js';

export type { CodeLocation } from './code-location.js';
export type { DeliveryFinding, Finding, GrowthFinding, LevelFinding, OperationShare } from './finding.js';
export type { BareInterval, Interval } from './interval.js';

/** Version of the run record and of the manifest on disk. */
export const schemaVersion = 1;

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
    /** What ended its driving; absent where plateau was killed. */
    end: z.enum(runEnds).optional(),
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
    findings: z.array(findingSchema),
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
export type Suspect = z.infer<typeof suspect>;
export type Footprint = z.infer<typeof footprintSchema>;
export type Environment = z.infer<typeof environment>;
export type AuditEntry = RunRecord['audit'][number];
export type FailureCount = NonNullable<RunRecord['failures']>[number];
export type LatencySummary = NonNullable<RunRecord['latency']>[string];
