import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { seriesVariant } from '../../model/history.js';
import { visitFilesBelow } from '../../platform/files-below.js';
import { livenessOf } from '../../platform/process-identity.js';
import { readManifest } from '../load-run.js';
import { listNights, nightFiles, nightsDirectory, readNight } from '../nights/night-store.js';
import { runFiles, runsDirectory } from '../run-layout.js';
import { storeError } from '../store-error.js';

/** A file that takes room. */
export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
}

/** A run as retention sees it. */
export interface SurveyedRun {
  readonly id: string;
  readonly directory: string;
  readonly startedEpochMs: number;
  /** Scenario, variant and purpose: the last run of each is kept. */
  readonly series: string;
  readonly night?: string;
  /** Its plateau lives, or may live. */
  readonly inUse: boolean;
  readonly bytes: number;
  readonly snapshots: readonly StoredFile[];
}

/** The directory of a night; the runs of its entries lie elsewhere. */
export interface SurveyedNight {
  readonly id: string;
  readonly directory: string;
  readonly startedEpochMs: number;
  /** It can be gone on with. */
  readonly inUse: boolean;
  readonly bytes: number;
}

export interface Survey {
  readonly runs: readonly SurveyedRun[];
  readonly nights: readonly SurveyedNight[];
  /** What a deletion that was cut short left. */
  readonly leftovers: readonly { readonly directory: string; readonly bytes: number }[];
}

/** A run whose plateau cannot be seen from here is thought to be alive for as long. */
const unseenMs = 24 * 3_600_000;
/** Between making the directory of a run and writing its manifest. */
const beginningMs = 3_600_000;

/** Everything that retention may delete under an output directory. @throws {PlateauError} `PLATEAU_STORE` */
export async function surveyRuns(outDirectory: string, nowEpochMs: number): Promise<Survey> {
  const runs: SurveyedRun[] = [];
  const leftovers: { directory: string; bytes: number }[] = [];
  for (const directory of directoriesIn(runsDirectory(outDirectory))) {
    if (existsSync(join(directory, runFiles.manifest))) runs.push(await surveyRun(directory, nowEpochMs));
    else if (nowEpochMs - mtimeMsOf(directory) > beginningMs)
      leftovers.push({ directory, bytes: bytesOf(filesIn(directory)) });
  }
  for (const directory of directoriesIn(nightsDirectory(outDirectory)))
    if (!existsSync(join(directory, nightFiles.plan)) && nowEpochMs - mtimeMsOf(directory) > beginningMs)
      leftovers.push({ directory, bytes: bytesOf(filesIn(directory)) });
  const nights = listNights(outDirectory).map((id) => surveyNight(outDirectory, id, nowEpochMs));
  return { runs: runs.sort(byAge), nights: nights.sort(byAge), leftovers };
}

async function surveyRun(directory: string, nowEpochMs: number): Promise<SurveyedRun> {
  const files = filesIn(directory);
  const id = basename(directory);
  const own = {
    id,
    directory,
    bytes: bytesOf(files),
    snapshots: files.filter(({ path }) => path.endsWith('.heapsnapshot')),
  };
  try {
    const { startedAt, scenario, variant, defects, purpose, owner, night } = await readManifest(directory);
    const liveness = livenessOf(owner);
    const touchedMs = Math.max(
      ...[runFiles.manifest, runFiles.samples].map((name) => mtimeMsOf(join(directory, name))),
    );
    const unfinished = !existsSync(join(directory, runFiles.record));
    return {
      ...own,
      startedEpochMs: Date.parse(startedAt),
      series: [scenario, seriesVariant({ variant, defects }), purpose ?? 'soak'].join('\u0000'),
      ...(night !== undefined && { night }),
      inUse: liveness === 'alive' || (liveness === 'unknown' && unfinished && nowEpochMs - touchedMs < unseenMs),
    };
  } catch {
    // Damaged, or of another version of plateau: it ages like any other.
    const startedEpochMs = mtimeMsOf(join(directory, runFiles.manifest));
    return { ...own, startedEpochMs, series: `damaged ${id}`, inUse: false };
  }
}

function surveyNight(outDirectory: string, id: string, nowEpochMs: number): SurveyedNight {
  const directory = resolve(nightsDirectory(outDirectory), id);
  const bytes = bytesOf(filesIn(directory));
  try {
    const { plan, events, owner, seenEpochMs } = readNight(outDirectory, id);
    const over = events.some(({ event }) => event === 'ended');
    const lives = owner !== undefined && livenessOf(owner) !== 'dead';
    return {
      id,
      directory,
      bytes,
      startedEpochMs: Date.parse(plan.startedAt),
      inUse: !over && (lives || nowEpochMs - seenEpochMs < unseenMs),
    };
  } catch {
    return { id, directory, bytes, startedEpochMs: mtimeMsOf(join(directory, nightFiles.plan)), inUse: false };
  }
}

function byAge(one: { startedEpochMs: number }, other: { startedEpochMs: number }): number {
  return one.startedEpochMs - other.startedEpochMs;
}

function mtimeMsOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

export function bytesOf(things: Iterable<{ readonly bytes: number }>): number {
  return [...things].reduce((sum, { bytes }) => sum + bytes, 0);
}

function directoriesIn(path: string): string[] {
  const absolute = resolve(path);
  try {
    return readdirSync(absolute, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(absolute, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw storeError('read', absolute, error);
  }
}

/** Links are counted, not followed. What goes meanwhile takes no room. */
function filesIn(directory: string): StoredFile[] {
  const files: StoredFile[] = [];
  visitFilesBelow(directory, (name) => {
    const path = join(directory, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isDirectory()) files.push({ path, bytes: stat.size });
  });
  return files;
}
