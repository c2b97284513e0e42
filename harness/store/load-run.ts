import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { codeLocationSchema } from '../model/code-location.js';
import { type Attribution, correctedManifest, type Manifest, type RunEvent, type StoredRun } from '../model/run-log.js';
import { type RunRecord, runRecordSchema } from '../model/run-record.js';
import type { SampleTable } from '../model/sample.js';
import { SampleTableBuilder } from '../model/sample-table.js';
import { thrownMessage } from '../model/thrown.js';
import { manifestSchema } from './manifest-schema.js';
import { invalidRun, readJson } from './read-json.js';
import { readLines } from './read-lines.js';
import { resolveRun } from './resolve-run.js';
import { defaultOutDirectory, runFiles } from './run-layout.js';
import { SampleLogDecoder } from './sample-log.js';
import { storeError } from './store-error.js';

const attributionSchema: z.ZodType<Attribution> = z.object({
  suspects: runRecordSchema.shape.suspects,
  explained: z.record(z.string(), z.number()),
  bounded: z
    .array(
      z.object({
        name: z.string(),
        entries: z.number(),
        entriesPerCycle: z.number(),
        description: z.string(),
        shares: z.record(z.string(), z.number()),
      }),
    )
    .optional(),
  expiring: z
    .array(
      z.object({
        name: z.string(),
        inMs: z.number().optional(),
        description: z.string(),
        location: codeLocationSchema.optional(),
        shares: z.record(z.string(), z.number()),
      }),
    )
    .optional(),
  heapGrowth: z.object({ atFloors: z.number(), inSnapshots: z.number(), cycles: z.number() }).optional(),
  warnings: z.array(z.string()),
  artifacts: runRecordSchema.shape.artifacts,
});

const artifactFiles = [
  { kind: 'samples', path: runFiles.samples },
  { kind: 'log', path: runFiles.targetLog },
  { kind: 'report', path: runFiles.report },
] as const;

/**
 * Reads a run from disk, finished or not: one whose plateau was killed has what it had sampled until then.
 * Memory: 8 bytes a value and the events, of which only the last `latency` and `failures` are kept (they hold all that
 * the earlier ones did).
 * @param reference see {@link resolveRun}
 * @throws {PlateauError} `PLATEAU_UNKNOWN_RUN`, `PLATEAU_INVALID_RUN` (damaged, or of another schema version)
 */
export async function loadRun(reference: string, options: { outDirectory?: string } = {}): Promise<StoredRun> {
  const directory = await resolveRun(reference, options.outDirectory ?? defaultOutDirectory);
  const passDirectory = join(directory, runFiles.interpreterPass);
  const interpreterPass = existsSync(join(passDirectory, runFiles.samples)) ? await loadPass(passDirectory) : undefined;
  return { ...(await loadPass(directory)), ...(interpreterPass && { interpreterPass }) };
}

async function loadPass(directory: string): Promise<StoredRun> {
  const written = await readManifest(directory);
  const { samples, events } = await readSampleLog(join(directory, runFiles.samples));
  const attribution = await readJson(join(directory, runFiles.attribution), attributionSchema);
  const artifacts = artifactFiles.filter(({ path }) => existsSync(join(directory, path)));
  const manifest = correctedManifest(written, events);
  return { directory, manifest, samples, events, artifacts, ...(attribution && { attribution }) };
}

/** @throws {PlateauError} `PLATEAU_INVALID_RUN` */
export async function readManifest(directory: string): Promise<Manifest> {
  const path = join(directory, runFiles.manifest);
  const manifest = await readJson(path, manifestSchema);
  if (manifest === undefined) throw invalidRun(`${path}: expected a manifest, got no file`, 'record the run again');
  return manifest;
}

/**
 * `run.json` of a run, `undefined` when it was never judged.
 * @throws {PlateauError} `PLATEAU_INVALID_RUN`
 */
export async function readRunRecord(directory: string): Promise<RunRecord | undefined> {
  return readJson(join(directory, runFiles.record), runRecordSchema);
}

export async function readSampleLog(path: string): Promise<{ samples: SampleTable; events: RunEvent[] }> {
  const builder = new SampleTableBuilder();
  const events: RunEvent[] = [];
  const last = new Map<string, number>();
  const decoder = new SampleLogDecoder(builder, (event) => {
    const replaces = event.event === 'latency' || event.event === 'failures' ? last.get(event.event) : undefined;
    if (replaces === undefined) last.set(event.event, events.push(event) - 1);
    else events[replaces] = event;
  });
  try {
    await readLines(path, (line, number, terminated) => {
      try {
        decoder.line(line);
      } catch (error) {
        if (!terminated) return;
        const problem = thrownMessage(error);
        throw invalidRun(
          `${path}:${number}: ${problem}`,
          'the file was changed or damaged there; take the line out to judge the rest',
          error,
        );
      }
    });
  } catch (error) {
    // Killed between the manifest and the first sample.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw storeError('read', path, error);
  }
  return { samples: builder.table(), events };
}
