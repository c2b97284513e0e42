import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { livenessOf } from '../../platform/process-identity.js';
import { readManifest } from '../load-run.js';
import { nightFiles } from '../nights/night-store.js';
import { runFiles } from '../run-layout.js';
import type { Deletion, RetentionPlan } from './plan-retention.js';

export interface AppliedRetention {
  readonly bytes: number;
  /** What could not be deleted, and why. */
  readonly problems: readonly string[];
}

/** Deletes what a plan names. A run that came into use since is left alone. */
export async function applyRetention({ deletions }: Pick<RetentionPlan, 'deletions'>): Promise<AppliedRetention> {
  const problems: string[] = [];
  let bytes = 0;
  for (const deletion of deletions) {
    try {
      if (await cameIntoUse(deletion)) continue;
      remove(deletion);
      bytes += deletion.bytes;
    } catch (error) {
      problems.push(`${deletion.kind} ${deletion.id} could not be deleted: ${(error as Error).message}`);
    }
  }
  return { bytes, problems };
}

async function cameIntoUse({ kind, paths: [directory] }: Deletion): Promise<boolean> {
  if (kind !== 'run' || directory === undefined) return false;
  const manifest = await readManifest(directory).catch(() => undefined);
  return manifest !== undefined && livenessOf(manifest.owner) === 'alive';
}

function remove({ kind, paths }: Deletion): void {
  for (const path of paths) {
    // Without it a directory is no run and no night: a deletion that is cut short leaves nothing half.
    if (kind === 'run') rmSync(join(path, runFiles.manifest), { force: true });
    if (kind === 'night') rmSync(join(path, nightFiles.plan), { force: true });
    rmSync(path, { recursive: true, force: true });
  }
}
