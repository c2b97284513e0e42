import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { StoredRun } from '../../harness/model/run-log.js';
import { loadRun } from '../../harness/store/load-run.js';

/** A live run as it was recorded, with what is known of its target by reading or measuring it. */
export interface RecordedRun {
  readonly name: string;
  /** Rules and constants may be chosen on `development`; `held-out` shows whether they hold. */
  readonly split: 'development' | 'held-out';
  readonly truth: 'leak' | 'plateau';
  readonly target: 'node' | 'outside';
  /** Why its verdict is known to be wrong today; absent for the others. */
  readonly open?: string;
  readonly run: StoredRun;
}

const folder = fileURLToPath(new URL('runs', import.meta.url));

export async function readRecordedRuns(): Promise<readonly RecordedRun[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'plateau-accuracy-'));
  try {
    const runs: RecordedRun[] = [];
    for (const split of ['development', 'held-out'] as const)
      for (const name of readdirSync(join(folder, split)).sort())
        runs.push({ name, split, ...(await readRun(join(folder, split, name), join(scratch, name))) });
    return runs;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function readRun(directory: string, copy: string): Promise<Omit<RecordedRun, 'name' | 'split'>> {
  const { truth, target, open } = JSON.parse(readFileSync(join(directory, 'truth.json'), 'utf8'));
  cpSync(directory, copy, { recursive: true });
  writeFileSync(join(copy, 'samples.ndjson'), gunzipSync(readFileSync(join(directory, 'samples.ndjson.gz'))));
  return { truth, target, ...(open !== undefined && { open }), run: await loadRun(copy) };
}
