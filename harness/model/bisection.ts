import { z } from 'zod';
import { intervalSchema } from './interval.js';

/** Version of the state and of the result of a bisection as JSON. */
export const bisectionSchemaVersion = 1;

/** `skipped`: cannot be judged: it does not build or start, its load did not land, or no run was long enough. */
export const commitVerdicts = ['good', 'bad', 'skipped'] as const;

const judgedCommit = z.object({
  sha: z.string(),
  verdict: z.enum(commitVerdicts),
  /** One sentence. */
  reason: z.string(),
  /** Absent where nothing was driven. */
  runId: z.string().exactOptional(),
  metric: z.string().exactOptional(),
  slope: intervalSchema.exactOptional(),
  cycles: z.number().exactOptional(),
  elapsedMs: z.number(),
});

const commit = z.object({
  sha: z.string(),
  author: z.string(),
  authorDate: z.string(),
  subject: z.string(),
});

/** What is known so far, on disk after each commit, so that a bisection can go on after a crash. */
export const bisectionStateSchema = z.object({
  schemaVersion: z.literal(bisectionSchemaVersion),
  scenario: z.string(),
  repository: z.string(),
  good: z.string(),
  bad: z.string(),
  build: z.string().exactOptional(),
  metric: z.string().exactOptional(),
  /** How each commit is driven, as it was asked for. */
  load: z.string(),
  seed: z.int(),
  startedAt: z.iso.datetime(),
  judged: z.array(judgedCommit),
});

export const bisectionResultSchema = z
  .object({
    schemaVersion: z.literal(bisectionSchemaVersion),
    scenario: z.string(),
    repository: z.string(),
    /** `found`: one commit; `range`: one of several, since those between cannot be judged; `cannot tell`: see the reason. */
    outcome: z.enum(['found', 'range', 'cannot tell']),
    /** One sentence. */
    reason: z.string(),
    /** The commit that brought the leak. */
    commit: commit.optional(),
    /** Parents first; the first bad commit is one of them. */
    range: z.array(commit).optional(),
    metric: z.string().optional(),
    unit: z.string().optional(),
    /** Growth without and with the leak: of the last good commit and of the first bad one. */
    slopes: z.object({ before: intervalSchema.optional(), after: intervalSchema.optional() }).optional(),
    good: z.string(),
    bad: z.string(),
    judged: z.array(judgedCommit),
    /** Commits that were driven. */
    driven: z.int(),
    seed: z.int(),
    /** Does all of it again. */
    rerun: z.string(),
    /** Soaks the commit and its parent in turns. */
    proof: z.string().optional(),
  })
  .meta({ title: 'plateau bisection', description: 'The commit that brought a leak.' });

export type JudgedCommit = z.infer<typeof judgedCommit>;
export type BisectionState = z.infer<typeof bisectionStateSchema>;
export type BisectionResult = z.infer<typeof bisectionResultSchema>;
export type BisectedCommit = z.infer<typeof commit>;
