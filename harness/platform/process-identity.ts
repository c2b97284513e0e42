import { PlateauError } from '../model/errors.js';
import type { OwnerIdentity } from '../model/run-log.js';
import { hasEnded, readProcessStat, readProcFile, readProcLink } from './process-stat.js';

/** A process of this pid namespace and boot: a later process of the same pid has another start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot; 0 where there is no `/proc`. */
  readonly startTime: number;
}

/** The same for the same process alone. */
export function processKey({ pid, startTime }: ProcessIdentity): string {
  return `${pid}/${startTime}`;
}

/** Who started a process tree, and for which run. */
export interface OwnerMark {
  readonly owner: OwnerIdentity;
  readonly runId: string;
}

/** `unknown`: of another pid namespace or machine, or hidden; then leave alone what it owns. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/** Boot or namespace where the system shows none. */
const unknown = 'none';

let own: OwnerIdentity | undefined;

/** This process, for marks and manifests. */
export function ownIdentity(): OwnerIdentity {
  own ??= readOwnIdentity();
  return own;
}

function readOwnIdentity(): OwnerIdentity {
  const stat = readProcessStat('self');
  // A /proc mounted for another pid namespace counts other pids than kill(2) does.
  if (stat?.pid !== process.pid) {
    const startTime = Math.round(performance.timeOrigin);
    return { pid: process.pid, startTime, bootId: unknown, pidNamespace: unknown };
  }
  return {
    pid: stat.pid,
    startTime: stat.startTime,
    bootId: readProcFile('/proc/sys/kernel/random/boot_id')?.toString().trim() ?? unknown,
    // `pid:[4026531836]`
    pidNamespace: /\d+/.exec(readProcLink('/proc/self/ns/pid') ?? '')?.[0] ?? unknown,
  };
}

/** `/proc` is there and speaks of the same pids as the system calls do. */
export function seesProcesses(): boolean {
  return ownIdentity().bootId !== unknown;
}

/** Identity of a process that is there now, ended but not waited for included. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  if (!seesProcesses()) return pidExists(pid) ? { pid, startTime: 0 } : undefined;
  const stat = readProcessStat(pid);
  return stat === undefined ? undefined : { pid, startTime: stat.startTime };
}

/** That very process runs; an ended one that nobody waited for does not. */
export function isRunning(identity: ProcessIdentity): boolean {
  if (!seesProcesses()) return pidExists(identity.pid);
  const stat = readProcessStat(identity.pid);
  return stat !== undefined && stat.startTime === identity.startTime && !hasEnded(stat);
}

/**
 * Whether an owner lives. Only what is certain is said: a pid that is free, that another process has by now, or that is
 * of an earlier boot is dead.
 */
export function livenessOf(owner: OwnerIdentity): Liveness {
  const self = ownIdentity();
  if (owner.bootId === unknown || self.bootId === unknown) {
    const comparable = owner.bootId === self.bootId && owner.pidNamespace === self.pidNamespace;
    return comparable && !pidExists(owner.pid) ? 'dead' : 'unknown';
  }
  if (owner.bootId !== self.bootId) return 'dead';
  if (owner.pidNamespace !== self.pidNamespace) return 'unknown';
  const stat = readProcessStat(owner.pid);
  // With /proc mounted `hidepid`, processes of other users are there although they cannot be seen.
  if (stat === undefined) return pidExists(owner.pid) ? 'unknown' : 'dead';
  return stat.startTime === owner.startTime && !hasEnded(stat) ? 'alive' : 'dead';
}

/** Whether some process has a pid, also one that may not be seen or signalled. */
export function pidExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

const runIdPattern = /^[\w.-]+$/;
const markPattern = /^([\w-]+)\/([\w-]+)\/([1-9]\d{0,9})\/(\d{1,16})\/([\w.-]+)$/;

/**
 * Value of the environment variable that marks every process of a run.
 * @throws {PlateauError} `PLATEAU_INTERNAL` when the run id could not be read back
 */
export function formatOwnerMark(runId: string, owner: OwnerIdentity = ownIdentity()): string {
  assertRunId(runId);
  return [owner.bootId, owner.pidNamespace, owner.pid, owner.startTime, runId].join('/');
}

export function parseOwnerMark(text: string): OwnerMark | undefined {
  const match = markPattern.exec(text);
  if (match === null) return undefined;
  const [, bootId, pidNamespace, pid, startTime, runId] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { owner: { pid: Number(pid), startTime: Number(startTime), bootId, pidNamespace }, runId };
}

/** @throws {PlateauError} `PLATEAU_INTERNAL` unless the id may stand in a mark and in a file name */
export function assertRunId(runId: string): void {
  if (runIdPattern.test(runId)) return;
  throw new PlateauError(
    'PLATEAU_INTERNAL',
    `Run id: expected letters, digits, ".", "_" and "-", got ${JSON.stringify(runId)}`,
  );
}
