/** Reads heap snapshots in a process of its own: gets a `SnapshotTask`, answers with its result, ends. */
import { analyseSnapshots, type SnapshotPair } from './analyse-snapshots.js';
import { findWaitingCalls, type WaitingSnapshot } from './waiting-calls.js';

export type SnapshotTask = { readonly compare: SnapshotPair } | { readonly waiting: WaitingSnapshot };

process.once('message', (task: SnapshotTask) => {
  const result = 'compare' in task ? analyseSnapshots(task.compare) : findWaitingCalls(task.waiting);
  // Running out of work, it would wait for functions that are being compiled: for ever at times (nodejs/node#54918).
  process.send?.(result, () => process.exit());
});
