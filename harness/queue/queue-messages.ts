import { z } from 'zod';
import { intervalSchema } from '../model/interval.js';
import type { RunProgress, RunStage } from '../model/run-options.js';

/** What whoever puts entries on a queue and whoever takes them say to each other; both check it, neither trusts it. */

const name = z.string().min(1).max(1_000);
/** As plateau makes them; a part of paths. */
const runId = z.string().regex(/^\d{8}-\d{6}-[\da-z]{1,20}$/);
const sha256 = z.string().regex(/^[\da-f]{64}$/);

/** A path below the run directory, in parts that lead nowhere else. */
const insidePath = z
  .string()
  .min(1)
  .max(1_000)
  .refine(
    (path) => path.split('/').every((part) => !['', '.', '..'].includes(part)) && !/[\\\0]/.test(path),
    'must be a path below the run directory',
  );

export const commandMax = 10_000;

/** Read before anything else of an entry, which another version may write otherwise. */
export const senderSchema = z.object({ plateau: name });

export const entryJobSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Version of whoever puts it there: figures of two versions do not compare. */
  plateau: name,
  night: runId,
  entry: name,
  attempt: z.int().positive(),
  durationMs: z.number().positive(),
  /** Of the configuration, from the directory that plateau was called in. */
  configuration: insidePath,
  commit: z
    .string()
    .regex(/^[\da-f]{40}$/)
    .exactOptional(),
  command: z.string().max(commandMax),
  tags: z.record(name, name).exactOptional(),
  /** The worker that ran it last: figures of speed compare on equal hardware alone. */
  preferred: name.exactOptional(),
  verbose: z.boolean(),
});

const filesMax = 10_000;
/** No run is larger than a TiB. */
const bytes = z
  .int()
  .nonnegative()
  .max(2 ** 40);

const sentFile = z.strictObject({ path: insidePath, bytes, sha256 });

export const entryResultSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('finished'),
    run: runId,
    worker: name,
    files: z.array(sentFile).max(filesMax),
  }),
  z.strictObject({
    state: z.literal('failed'),
    message: z.string().max(20_000),
    exitCode: z.int(),
    worker: name,
  }),
]);

const parcelPrefix = 'plateau:parcel:';

/** The list that a run directory is sent through; a job that is run again has another. */
export function parcelOf(jobId: string, run: string): string {
  return `${parcelPrefix}${jobId}:${run}`;
}

const stages = [
  'starting',
  'driving',
  'settling',
  'counting',
  'holding',
  'resting',
  'attributing',
  'judging',
  'stopping',
] as const satisfies readonly RunStage[];

const liveSeries = z.object({
  metric: name,
  unit: z.string(),
  floors: z.array(z.number()).max(1_000),
  slope: intervalSchema.exactOptional(),
});

/** What is drawn of a run while it goes on. */
const runProgress: z.ZodType<RunProgress> = z.object({
  scenario: name,
  runId: name,
  stage: z.enum(stages),
  round: z.number(),
  cycles: z.number(),
  failed: z.number(),
  cyclesPerSecond: z.number(),
  elapsedMs: z.number(),
  cyclesWanted: z.number().exactOptional(),
  restLeftMs: z.number().exactOptional(),
  undecided: z.array(name).max(10_000),
  series: z.array(liveSeries).max(10_000),
});

/** Where the worker has come to; `parcel` names the list that the run directory is sent through. */
export const entryProgressSchema = z.object({
  worker: name,
  parcel: z.string().max(2_000).startsWith(parcelPrefix).exactOptional(),
  progress: runProgress.exactOptional(),
});

export const chunkHeadSchema = z.strictObject({ path: insidePath, offset: bytes });

export type EntryJob = z.infer<typeof entryJobSchema>;
export type EntryResult = z.infer<typeof entryResultSchema>;
export type SentFile = z.infer<typeof sentFile>;
