import { setTimeout as waitFor } from 'node:timers/promises';

const groups = new Set<number>();
let guarded = false;

/** Signals a process group (its leader alone where there are no groups); false when nothing of it is left. */
export function signalGroup(leaderPid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(process.platform === 'win32' ? leaderPid : -leaderPid, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends the group by SIGKILL should plateau exit without having stopped it; returns how to lift the guard. */
export function guardGroup(leaderPid: number): () => void {
  groups.add(leaderPid);
  if (!guarded) {
    guarded = true;
    process.on('exit', () => {
      for (const pid of groups) signalGroup(pid, 'SIGKILL');
    });
  }
  return () => void groups.delete(leaderPid);
}

/** Resolves to true once nothing of the group is left, to false after `timeoutMs`. The kernel reports no event for this. */
export async function groupGone(leaderPid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = 1; signalGroup(leaderPid, 0); pauseMs = Math.min(50, pauseMs * 2)) {
    if (performance.now() > deadline) return false;
    await waitFor(pauseMs);
  }
  return true;
}
