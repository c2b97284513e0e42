import type { RunListener } from '../model/run-options.js';
import { type SweptOrphan, sweepOrphans } from '../platform/sweep-orphans.js';
import { findLeftWorktrees, forgetLeftWorktrees } from '../repository/worktrees.js';
import { closeLeftRecording } from '../runtimes/jvm/evidence.js';

/** Ends, closes and removes what a plateau left behind that is dead: processes, inspectors, recordings, worktrees, temporary directories. */
export async function sweepLeftovers(listener?: RunListener): Promise<void> {
  const worktrees = findLeftWorktrees();
  const swept = await sweepOrphans({ closers: { recording: closeLeftRecording } });
  for (const orphan of swept) listener?.onWarning?.(describeSwept(orphan));
  for (const left of worktrees) await forgetLeftWorktrees(left);
}

function describeSwept(orphan: SweptOrphan): string {
  return `${whatWasDone(orphan)}, left behind by run ${orphan.runId}, whose plateau had died`;
}

function whatWasDone(orphan: SweptOrphan): string {
  const { kind, gone } = orphan;
  if (kind === 'process') return `${gone ? 'ended' : 'could not end'} process ${orphan.pid} (${orphan.name})`;
  if (kind !== 'directory') return `${gone ? 'closed' : 'could not close'} the ${kind} of process ${orphan.pid}`;
  return `${gone ? 'removed' : 'could not remove'} ${orphan.path}`;
}
