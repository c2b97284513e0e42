import { z } from 'zod';
import { baselineEntrySchema } from '../model/baseline.js';
import { runPurposes } from '../model/history.js';
import type { Manifest } from '../model/run-log.js';
import { runRecordSchema, schemaVersion } from '../model/run-record.js';

export const parametersSchema = z.object({
  cyclesPerRound: z.union([z.number(), z.literal('auto')]),
  rounds: z.number(),
  durationMs: z.number(),
  concurrency: z.number(),
  ratePerSecond: z.number().exactOptional(),
  untilDecided: z.boolean(),
  confidence: z.number().min(0.01).lt(1),
  thorough: z.boolean(),
  virtualTime: z.literal(true).exactOptional(),
  days: z.number().positive().exactOptional(),
  attribution: z.enum(['off', 'on-leak', 'always']),
  universe: z.union([z.number(), z.literal('fresh')]),
  settleMs: z.number(),
  nodeArguments: z.array(z.string()).exactOptional(),
  footprint: z.union([z.number(), z.literal('auto')]).exactOptional(),
  interpreterOnly: z.boolean(),
});

export const ownerSchema = z.object({
  pid: z.int(),
  startTime: z.number(),
  bootId: z.string(),
  pidNamespace: z.string(),
});

const gaugeKind = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('level') }),
  z.object({ kind: z.literal('counter') }),
  z.object({ kind: z.literal('bounded'), bound: z.number() }),
  z.object({ kind: z.literal('bytes') }),
]);

/** What {@link Manifest} must look like on disk; fields that are not known here are kept. */
export const manifestSchema: z.ZodType<Manifest> = z.looseObject({
  schemaVersion: z.literal(schemaVersion),
  id: z.string(),
  scenario: z.string(),
  system: z.string().exactOptional(),
  summary: z.string().exactOptional(),
  defects: z.array(z.string()),
  operations: z.array(z.string()),
  seed: z.int(),
  startedAt: z.iso.datetime(),
  command: z.string(),
  rerun: z.string(),
  environment: runRecordSchema.shape.environment,
  parameters: parametersSchema,
  budgets: z.record(z.string(), z.number()),
  gauges: z.record(z.string(), gaugeKind),
  baseline: z.object({ source: z.string(), entry: baselineEntrySchema }).exactOptional(),
  visibility: z.enum(['node', 'outside', 'none']),
  owner: ownerSchema,
  pair: z.object({ id: z.string(), side: z.enum(['before', 'after']), variant: z.string() }).exactOptional(),
  purpose: z.enum(runPurposes).exactOptional(),
  night: z.string().exactOptional(),
  tags: z.record(z.string(), z.string()).exactOptional(),
  variant: z.string().exactOptional(),
});
