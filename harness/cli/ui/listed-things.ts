import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ListedNight, ListedThing, ListedThings } from '../../../reporters/index.js';
import type { Manifest, OwnerIdentity } from '../../model/run-log.js';
import type { RunRecord } from '../../model/run-record.js';
import { livenessOf } from '../../platform/process-identity.js';
import { readManifest, readRunRecord } from '../../store/load-run.js';
import { listNights, readNight, readNightRecord } from '../../store/nights/night-store.js';
import { listRuns } from '../../store/resolve-run.js';
import { historyFile, runFiles, runsDirectory } from '../../store/run-layout.js';
import { listedEntry } from './listed-entry.js';

/** What is listed of a directory with thousands of runs. */
const runsMax = 60;
const nightsMax = 12;
const comparisonsMax = 20;

interface StoredRunFacts {
  readonly id: string;
  readonly manifest: Manifest;
  /** Absent while it goes on, and where it was killed. */
  readonly record?: RunRecord;
}

/** What lies in an output directory at one moment. */
export interface StoredThings {
  /** A run that goes on now, the newest one. */
  readonly live: string | undefined;
  /** Everything, newest first. */
  readonly listed: ListedThings;
}

/** Reads what an output directory holds again and again; what cannot change any more is read once. */
export class ThingsReader {
  private readonly known = new Map<string, StoredRunFacts>();

  constructor(private readonly outDirectory: string) {}

  async read(): Promise<StoredThings> {
    const { outDirectory } = this;
    const ids = listRuns(outDirectory).slice(-runsMax);
    const runs = (await Promise.all(ids.map((id) => this.run(id)))).filter((run) => run !== undefined);
    const listed = {
      directory: outDirectory,
      runs: runs.map(listedRun).reverse(),
      nights: listNights(outDirectory)
        .slice(-nightsMax)
        .reverse()
        .flatMap((id) => this.night(id) ?? []),
      comparisons: comparisonsOf(runs),
      history: existsSync(join(outDirectory, historyFile)),
    };
    return { live: runs.findLast((run) => isLive(run))?.id, listed };
  }

  /** A night whose files are damaged is left out. */
  private night(id: string): ListedNight | undefined {
    try {
      return listedNight(this.outDirectory, id, (run) => this.known.get(run)?.record);
    } catch {
      return undefined;
    }
  }

  /** A run that is just being made, or is damaged, is left out. */
  private async run(id: string): Promise<StoredRunFacts | undefined> {
    const known = this.known.get(id);
    const directory = resolve(runsDirectory(this.outDirectory), id);
    if (known !== undefined && (known.record !== undefined || !existsSync(join(directory, runFiles.record))))
      return known;
    try {
      const manifest = known?.manifest ?? (await readManifest(directory));
      const record = await readRunRecord(directory);
      const run = { id, manifest, ...(record && { record }) };
      this.known.set(id, run);
      return run;
    } catch {
      return undefined;
    }
  }
}

function isLive({ manifest, record }: StoredRunFacts): boolean {
  return record === undefined && isAlive(manifest.owner);
}

function isAlive(owner: OwnerIdentity): boolean {
  return livenessOf(owner) !== 'dead';
}

function listedRun(run: StoredRunFacts): ListedThing {
  const { id, manifest, record } = run;
  const defects = manifest.defects.map((defect) => ` + ${defect}`).join('');
  return {
    title: `${manifest.scenario}${defects}`,
    state: record?.verdict ?? (isLive(run) ? 'running' : 'crashed'),
    at: manifest.startedAt,
    detail: record?.reason ?? (isLive(run) ? id : 'plateau was killed; what was sampled can be judged'),
    links: [{ name: 'report', href: `runs/${id}/` }],
  };
}

/** Of each scenario in one variant, the last run beside the one before it. */
function comparisonsOf(runs: readonly StoredRunFacts[]): ListedThings['comparisons'] {
  const last = new Map<string, string>();
  const pairs = runs.flatMap(({ id, manifest, record }) => {
    if (record === undefined) return [];
    const { scenario, variant = '', defects, pair } = manifest;
    const key =
      pair === undefined
        ? JSON.stringify([scenario, variant, defects])
        : JSON.stringify([scenario, [id, pair.id].sort()]);
    const before = last.get(key);
    last.set(key, id);
    if (before === undefined) return [];
    return [{ name: `${scenario}: ${before} → ${id}`, href: `compare/${before}/${id}` }];
  });
  return pairs.slice(-comparisonsMax).reverse();
}

function listedNight(outDirectory: string, id: string, recordOf: (run: string) => RunRecord | undefined): ListedNight {
  const { directory, plan, events, owner } = readNight(outDirectory, id);
  const record = readNightRecord(directory);
  const running = record === undefined && owner !== undefined && isAlive(owner);
  return {
    title: id,
    state:
      record === undefined
        ? running
          ? 'running'
          : 'interrupted'
        : record.verdict === 'void'
          ? 'crashed'
          : record.verdict,
    at: plan.startedAt,
    ...(record !== undefined && { detail: record.reason }),
    links: [],
    entries: plan.entries.map(({ name }) => listedEntry(name, { events, record, recordOf })),
  };
}
