import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PlateauError } from '../model/errors.js';
import { makesHistory } from '../model/history.js';
import type { Manifest } from '../model/run-log.js';
import { defaultOutDirectory, runFiles, runsDirectory } from './run-layout.js';
import { storeError } from './store-error.js';

const candidatesShown = 8;

/**
 * Ids of the runs under `outDirectory`, oldest first; directories without a manifest are none.
 * @throws {PlateauError} `PLATEAU_STORE` when the directory cannot be read
 */
export function listRuns(outDirectory: string = defaultOutDirectory): string[] {
  const runs = resolve(runsDirectory(outDirectory));
  try {
    return readdirSync(runs)
      .filter((id) => holdsRun(join(runs, id)))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw storeError('read', runs, error);
  }
}

/**
 * Absolute directory of a run.
 * @param reference an id, the start or the last five characters of one, `latest`, `latest~1`, a run directory, a file in
 *   one, or a run record that was exported elsewhere while its run is still under `outDirectory`
 * @throws {PlateauError} `PLATEAU_UNKNOWN_RUN` with the runs it could have meant
 */
export async function resolveRun(reference: string, outDirectory: string = defaultOutDirectory): Promise<string> {
  const ids = listRuns(outDirectory);
  const atPath = runAtPath(reference);
  if (atPath !== undefined && !ids.includes(reference)) return atPath;
  const matching = latestOf(reference, ids, outDirectory) ?? idsMatching(reference, ids, exportedId(reference));
  const [id] = matching;
  if (id !== undefined && matching.length === 1) return resolve(runsDirectory(outDirectory), id);
  if (matching.length > 1) throw unknownRun(reference, 'the start of one id', `that of ${matching.length}`, matching);
  const got = `none of ${ids.length} in ${outDirectory}`;
  if (existsSync(reference))
    throw unknownRun(
      reference,
      `a directory with ${runFiles.manifest} and ${runFiles.samples}, or a file in one`,
      got,
      ids,
    );
  throw unknownRun(reference, 'an id, a unique prefix, latest, latest~1 or a run directory', got, ids);
}

/**
 * `latest` is the last run that `plateau run` or a night made; `latest~1` the one before it of the same scenario. Runs of
 * comparisons, bisections and verifications are named by their ids.
 * @returns `undefined` where the reference is another one
 * @throws {PlateauError} `PLATEAU_UNKNOWN_RUN` where that scenario has fewer runs
 */
function latestOf(reference: string, ids: readonly string[], outDirectory: string): readonly string[] | undefined {
  const back = /^latest(?:~(\d+))?$/.exec(reference);
  if (back === null) return undefined;
  const earlier = Number(back[1] ?? 0);
  const runs: string[] = [];
  let scenario: string | undefined;
  for (const id of ids.toReversed()) {
    const origin = originOf(join(runsDirectory(outDirectory), id));
    if (!makesHistory(origin.purpose)) continue;
    scenario ??= origin.scenario;
    if (origin.scenario === scenario) runs.unshift(id);
    if (runs.length > earlier) return [id];
  }
  if (scenario === undefined) return [];
  throw unknownRun(reference, `a run of ${scenario}, as the last run is`, `${runs.length} of it`, runs);
}

/** A manifest that is damaged is reported by whoever loads the run. */
function originOf(directory: string): Partial<Pick<Manifest, 'scenario' | 'purpose'>> {
  try {
    return JSON.parse(readFileSync(join(directory, runFiles.manifest), 'utf8')) as Manifest;
  } catch {
    return {};
  }
}

function idsMatching(reference: string, ids: readonly string[], exported: string | undefined): readonly string[] {
  const exact = ids.filter((id) => id === reference || id === exported);
  if (exact.length > 0 || reference === '') return exact;
  return ids.filter((id) => id.startsWith(reference) || id.endsWith(`-${reference}`));
}

function holdsRun(directory: string): boolean {
  return existsSync(join(directory, runFiles.manifest));
}

function runAtPath(reference: string): string | undefined {
  const path = resolve(reference);
  const found = reference === '' ? undefined : statSync(path, { throwIfNoEntry: false });
  const directory = found?.isDirectory() ? path : dirname(path);
  return found !== undefined && holdsRun(directory) ? directory : undefined;
}

/** The id in a run record that lies anywhere. */
function exportedId(reference: string): string | undefined {
  if (!reference.endsWith('.json') || !existsSync(reference)) return undefined;
  try {
    const { id } = JSON.parse(readFileSync(reference, 'utf8')) as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

function unknownRun(reference: string, expected: string, got: string, candidates: readonly string[]): PlateauError {
  const shown = candidates.slice(-candidatesShown).reverse().join(', ');
  const more = candidates.length > candidatesShown ? ` and ${candidates.length - candidatesShown} older` : '';
  const hint = candidates.length === 0 ? 'record one with plateau run, or pass --out' : `one of ${shown}${more}`;
  return new PlateauError('PLATEAU_UNKNOWN_RUN', `Run "${reference}": expected ${expected}, got ${got}.`, { hint });
}
