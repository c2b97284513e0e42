import { type Clock, systemClock } from './clock.js';
import { isRunning, type ProcessIdentity, processKey } from './process-identity.js';
import { readProcessStat } from './process-stat.js';

export interface EndOptions {
  /** From SIGTERM to SIGKILL. @defaultValue 5_000 */
  readonly termTimeoutMs?: number;
  /** How long to wait for the kernel after SIGKILL. @defaultValue 5_000 */
  readonly killTimeoutMs?: number;
  readonly clock?: Clock;
}

export interface EndedProcesses {
  readonly ended: readonly ProcessIdentity[];
  /** Could not be signalled, or hang in the kernel. */
  readonly remaining: readonly ProcessIdentity[];
}

const pollMsMax = 50;

/**
 * SIGTERM, later SIGKILL, to processes and to those that they start meanwhile; returns when all of them are gone.
 * A process is signalled only while pid and start time are those that were found.
 * @param find asked again until it finds nothing more that runs
 */
export async function endProcesses(
  find: () => readonly ProcessIdentity[],
  options: EndOptions = {},
): Promise<EndedProcesses> {
  const clock = options.clock ?? systemClock;
  const found = new Map<string, ProcessIdentity>();
  let running: ProcessIdentity[] = [];
  for (const [signal, timeoutMs] of [
    ['SIGTERM', options.termTimeoutMs ?? 5_000],
    ['SIGKILL', options.killTimeoutMs ?? 5_000],
  ] as const) {
    const signalled = new Set<string>();
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    do {
      for (const { pid, startTime } of find()) found.set(processKey({ pid, startTime }), { pid, startTime });
      running = [...found.values()].filter(isRunning);
      if (running.length === 0) return { ended: [...found.values()], remaining: [] };
      for (const [key, identity] of found) {
        if (signalled.has(key)) continue;
        signalled.add(key);
        signalProcess(identity, signal);
      }
      await waitUntilGone(running, deadlineMs, clock);
    } while (clock.monotonicMs() < deadlineMs);
  }
  running = running.filter(isRunning);
  return { ended: [...found.values()].filter((identity) => !running.includes(identity)), remaining: running };
}

/** @returns false when the process is gone, is another one by now, or may not be signalled */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (identity.pid <= 1 || identity.pid === process.pid || !isRunning(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    // A stopped process takes notice of SIGTERM only when it goes on.
    if (signal === 'SIGTERM' && readProcessStat(identity.pid)?.state === 'T') process.kill(identity.pid, 'SIGCONT');
    return true;
  } catch {
    return false;
  }
}

async function waitUntilGone(identities: readonly ProcessIdentity[], deadlineMs: number, clock: Clock): Promise<void> {
  for (let pollMs = 1; identities.some(isRunning); pollMs = Math.min(pollMs * 2, pollMsMax)) {
    const leftMs = deadlineMs - clock.monotonicMs();
    if (leftMs <= 0) return;
    await clock.wait(Math.min(pollMs, leftMs));
  }
}
