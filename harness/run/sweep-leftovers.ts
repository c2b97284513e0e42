import type { RunListener } from '../model/run-options.js';
import { type SweptOrphan, sweepOrphans } from '../platform/sweep-orphans.js';
import { findLeftWorktrees, forgetLeftWorktrees } from '../repository/worktrees.js';

/** Ends and removes what a plateau left behind that is dead: processes, worktrees, temporary directories. */
export async function sweepLeftovers(listener?: RunListener): Promise<void> {
  const worktrees = findLeftWorktrees();
  for (const orphan of await sweepOrphans()) listener?.onWarning?.(describeSwept(orphan));
  for (const left of worktrees) await forgetLeftWorktrees(left);
}

function describeSwept(orphan: SweptOrphan): string {
  return orphan.kind === 'process'
    ? `ended process ${orphan.pid} (${orphan.name}), left behind by run ${orphan.runId}, whose plateau had died`
    : `removed ${orphan.path}, left behind by run ${orphan.runId}, whose plateau had died`;
}
