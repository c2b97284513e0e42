import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PlateauError } from '../model/errors.js';
import type { Manifest, RunParameters, StoredRun } from '../model/run-log.js';
import { type RunRecord, runRecordSchema } from '../model/run-record.js';
import { loadRun } from './load-run.js';
import { parametersSchema } from './manifest-schema.js';
import { invalidRun, readJson } from './read-json.js';
import { resolveRun } from './resolve-run.js';
import { defaultOutDirectory, runFiles } from './run-layout.js';
import { SampleLogReader } from './sample-log-reader.js';

/** What there is of a run to compare: its samples, or its record alone. */
export type Comparable =
  | { readonly kind: 'run'; readonly run: StoredRun }
  | { readonly kind: 'record'; readonly record: RunRecord };

/**
 * Reads a run for a comparison: a reference as {@link resolveRun} takes them, or a run record that was exported, with
 * or without its samples beside it.
 * @throws {PlateauError} `PLATEAU_UNKNOWN_RUN`, `PLATEAU_INVALID_RUN`
 */
export async function loadComparable(
  reference: string,
  { outDirectory = defaultOutDirectory }: { readonly outDirectory?: string } = {},
): Promise<Comparable> {
  let directory: string;
  try {
    directory = await resolveRun(reference, outDirectory);
  } catch (error) {
    const path = exportedRecord(reference);
    if (path === undefined || !(error instanceof PlateauError)) throw error;
    return fromRecord(path);
  }
  return { kind: 'run', run: await loadRun(directory) };
}

/** A file that may be a run record, or the directory of one whose manifest was not kept. */
function exportedRecord(reference: string): string | undefined {
  const path = resolve(reference);
  const found = reference === '' ? undefined : statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return existsSync(join(path, runFiles.record)) ? join(path, runFiles.record) : undefined;
  return found !== undefined && path.endsWith('.json') ? path : undefined;
}

async function fromRecord(path: string): Promise<Comparable> {
  const record = await readJson(path, runRecordSchema);
  if (record === undefined)
    throw invalidRun(`${path}: expected a run record, got no file`, 'export one with plateau report');
  const samplesPath = join(dirname(path), runFiles.samples);
  const parameters = parametersSchema.safeParse(record.parameters);
  if (!existsSync(samplesPath) || !parameters.success) return { kind: 'record', record };
  const { samples, events } = await new SampleLogReader(samplesPath).readAll();
  const manifest = manifestOf(record, parameters.data, [...samples.cyclesByOperation.keys()]);
  return { kind: 'run', run: { directory: dirname(path), manifest, samples, events } };
}

/** As much of the manifest as the record shows; budgets of its own and kinds of gauges were in the manifest alone. */
function manifestOf(record: RunRecord, parameters: RunParameters, operations: readonly string[]): Manifest {
  const { id, scenario, defects, seed, startedAt, command, rerun, environment, findings } = record;
  return {
    schemaVersion: 1,
    id,
    scenario,
    defects,
    operations,
    seed,
    startedAt,
    command,
    rerun,
    environment,
    parameters,
    budgets: {},
    gauges: {},
    visibility: findings.some(({ metric }) => metric === 'heapUsed') ? 'node' : 'outside',
    owner: { pid: 0, startTime: 0, bootId: '', pidNamespace: '' },
  };
}
