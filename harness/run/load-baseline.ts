import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { baselineEntryOf } from '../analyse/findings/baseline.js';
import { type BaselineEntry, baselineKey, type ScenarioBaselines } from '../model/baseline.js';
import { PlateauError } from '../model/errors.js';
import type { RunRecord } from '../model/run-record.js';
import { parseBaseline } from '../store/baseline-file.js';
import { loadComparable } from '../store/load-comparable.js';
import { readRunRecord } from '../store/load-run.js';
import { analyse } from './analyse-run.js';

/**
 * What runs are judged against: a baseline file, or a stored run with whatever it judged.
 * @throws {PlateauError} `PLATEAU_INVALID_BASELINE`, `PLATEAU_UNKNOWN_RUN`, `PLATEAU_INVALID_RUN`
 */
export async function loadBaseline(
  reference: string,
  { outDirectory, directory = '.' }: { readonly outDirectory?: string; readonly directory?: string } = {},
): Promise<ScenarioBaselines> {
  const path = resolve(directory, reference);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() && !isRunRecord(path))
    return { source: reference, scenarios: parseBaseline(readFileSync(path, 'utf8'), reference).scenarios };
  if (reference.endsWith('.json') && statSync(path, { throwIfNoEntry: false }) === undefined)
    throw new PlateauError('PLATEAU_INVALID_BASELINE', `${reference}: expected a baseline file, got no file.`, {
      hint: `write it with plateau baseline update <run> --output ${reference}`,
    });
  const record = await recordOf(reference, outDirectory);
  return { source: record.id, scenarios: { [baselineKey(record.scenario, record.defects)]: baselineEntryOf(record) } };
}

function isRunRecord(path: string): boolean {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as { findings?: unknown } | null;
    return value !== null && Array.isArray(value.findings);
  } catch {
    return false;
  }
}

/** The record of a run as it was judged; one that was not yet is judged now. @throws {PlateauError} as `loadBaseline` */
export async function recordOf(reference: string, outDirectory?: string): Promise<RunRecord> {
  const side = await loadComparable(reference, outDirectory === undefined ? {} : { outDirectory });
  if (side.kind === 'record') return side.record;
  const judged = side.run.directory === undefined ? undefined : await readRunRecord(side.run.directory);
  return judged ?? analyse(side.run);
}

/** The entry for a scenario: with the same defects, else the scenario's own. */
export function entryFor(
  { scenarios }: ScenarioBaselines,
  scenario: string,
  defects: readonly string[],
): BaselineEntry | undefined {
  return scenarios[baselineKey(scenario, defects)] ?? scenarios[scenario];
}
