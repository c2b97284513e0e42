/**
 * Reads heap snapshots in a process of its own: gets `SnapshotTask`s, answers the one that has a result, ends. The first
 * snapshot of a pair may come before the second one is there.
 */
import { compareSnapshots, type LaterSnapshot, readEarlier } from './analyse-snapshots.js';
import type { Heap } from './numbers-beside.js';
import { findWaitingCalls, type WaitingSnapshot } from './waiting-calls.js';

export type SnapshotTask =
  | { readonly earlier: string }
  | { readonly later: LaterSnapshot }
  | { readonly waiting: WaitingSnapshot };

let earlier: Heap | undefined;

process.on('message', (task: SnapshotTask) => {
  if ('earlier' in task) {
    earlier = readEarlier(task.earlier);
    return;
  }
  // Running out of work, it would wait for functions that are being compiled: for ever at times (nodejs/node#54918).
  process.send?.(resultOf(task), () => process.exit());
});

function resultOf(task: Exclude<SnapshotTask, { readonly earlier: string }>): unknown {
  return 'waiting' in task ? findWaitingCalls(task.waiting) : compareSnapshots(earlier, task.later);
}
