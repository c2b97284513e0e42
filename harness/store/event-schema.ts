import { z } from 'zod';
import { codeLocationSchema } from '../model/code-location.js';
import type { MemoryManagement, RunEvent } from '../model/run-log.js';
import { runRecordSchema } from '../model/run-record.js';
import { runEnds } from '../model/verdict.js';

const count = z.number().nonnegative();
const moment = z.iso.datetime();
const { latency, failures } = runRecordSchema.shape;

const failure = {
  detail: z.string(),
  hint: z.string().exactOptional(),
  lastLines: z.array(z.string()).exactOptional(),
};

const memories = ['manual', 'collected', 'unknown'] as const satisfies readonly MemoryManagement[];

const timer = z.object({
  count,
  everyMs: count.exactOptional(),
  dueMs: count,
  keepsMs: count.exactOptional(),
  collections: z.array(z.object({ name: z.string(), entries: count, expiresInMs: count.exactOptional() })),
  place: z.string(),
  location: codeLocationSchema,
});

/** What each event must look like on disk. */
const eventSchemas: { readonly [Name in RunEvent['event']]: z.ZodType<Omit<RunEvent & { event: Name }, 'event'>> } = {
  audit: z.object({ check: z.string(), ok: z.boolean(), detail: z.string() }),
  warning: z.object({ message: z.string() }),
  runtime: z.object({ names: z.array(z.string()), memory: z.enum(memories) }),
  counts: z.object({ round: count, created: count, destroyed: count, failed: count }),
  failures: z.object({ failures: failures.unwrap() }),
  latency: z.object({ latency: latency.unwrap() }),
  inputs: z.object({ universe: z.union([z.number(), z.literal('fresh')]) }),
  timers: z.object({ cycles: count, elapsedMs: count, timers: z.array(timer) }),
  attached: z.object({ isStarted: z.boolean().default(false) }),
  stalled: z.object({ round: count, detail: z.string() }),
  crashed: z.object(failure),
  fault: z.object(failure),
  end: z.object({ reason: z.enum(runEnds), endedAt: moment }),
  concluded: z.object({ endedAt: moment }),
};

/**
 * An event as it was written; those that a newer plateau may write are kept as they are.
 * @throws {Error} that names the field which is wrong
 */
export function checkedEvent(value: { readonly event: string }): RunEvent {
  const schema = Object.hasOwn(eventSchemas, value.event) ? eventSchemas[value.event as RunEvent['event']] : undefined;
  const [issue] = schema?.safeParse(value).error?.issues ?? [];
  if (issue !== undefined) throw new Error(`event ${value.event}: ${issue.path.join('.')}: ${issue.message}`);
  return value as RunEvent;
}
