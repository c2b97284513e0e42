import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { codeLocationSchema } from '../model/code-location.js';
import { type Attribution, correctedManifest, type Manifest, type StoredRun } from '../model/run-log.js';
import { type RunRecord, runRecordSchema } from '../model/run-record.js';
import { manifestSchema } from './manifest-schema.js';
import { invalidRun, readJson } from './read-json.js';
import { resolveRun } from './resolve-run.js';
import { defaultOutDirectory, runFiles } from './run-layout.js';
import { type SampleLog, SampleLogReader } from './sample-log-reader.js';

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
 * @param reference see {@link resolveRun}
 * @throws {PlateauError} `PLATEAU_UNKNOWN_RUN`, `PLATEAU_INVALID_RUN` (damaged, or of another schema version)
 */
export async function loadRun(reference: string, options: { outDirectory?: string } = {}): Promise<StoredRun> {
  const directory = await resolveRun(reference, options.outDirectory ?? defaultOutDirectory);
  return loadPasses(directory, (path) => new SampleLogReader(path).readAll());
}

/** Reads a run that goes on again and again; what was read once is not read anew. */
export class GrowingRun {
  private readonly logs = new Map<string, SampleLogReader>();

  constructor(private readonly directory: string) {}

  /**
   * The run until now. It shares memory with what is read next: do not use it after that.
   * @throws {PlateauError} `PLATEAU_INVALID_RUN`
   */
  read(): Promise<StoredRun> {
    return loadPasses(this.directory, (path) => {
      const log = this.logs.get(path) ?? new SampleLogReader(path);
      this.logs.set(path, log);
      return log.readOn();
    });
  }
}

type ReadLog = (path: string) => Promise<SampleLog>;

async function loadPasses(directory: string, readLog: ReadLog): Promise<StoredRun> {
  const passDirectory = join(directory, runFiles.interpreterPass);
  const interpreterPass = existsSync(join(passDirectory, runFiles.samples))
    ? await loadPass(passDirectory, readLog)
    : undefined;
  return { ...(await loadPass(directory, readLog)), ...(interpreterPass && { interpreterPass }) };
}

async function loadPass(directory: string, readLog: ReadLog): Promise<StoredRun> {
  const written = await readManifest(directory);
  const { samples, events } = await readLog(join(directory, runFiles.samples));
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
