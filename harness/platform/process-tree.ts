import { readdirSync } from 'node:fs';
import { agentEnvironment } from '../model/agent-protocol.js';
import { type OwnerMark, type ProcessIdentity, parseOwnerMark, seesProcesses } from './process-identity.js';
import { hasEnded, type ProcessStat, readProcessStat, readProcessVariable } from './process-stat.js';

/** Every process that can be seen, by pid. */
export type ProcessTable = ReadonlyMap<number, ProcessStat>;

/** All of `/proc`: about 10 us a process. Empty where there is no `/proc`. */
export function readProcessTable(): ProcessTable {
  const table = new Map<number, ProcessStat>();
  if (!seesProcesses()) return table;
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const stat = readProcessStat(pid);
    if (stat !== undefined) table.set(pid, stat);
  }
  return table;
}

/** Pids of the processes that a process has started itself and that are still there. */
export function childrenOf(pid: number): number[] {
  return [...readProcessTable().values()].filter(({ parentPid }) => parentPid === pid).map((stat) => stat.pid);
}

/**
 * Mark in the environment that a process was started with; undefined without one, or when its environment may not be
 * read. Programs that write their title over their environment (nginx, PostgreSQL, Redis) lose theirs.
 */
export function readOwnerMark(pid: number): OwnerMark | undefined {
  const mark = readProcessVariable(pid, agentEnvironment.owner);
  return mark === undefined ? undefined : parseOwnerMark(mark);
}

/** Processes whose mark is one of those asked for. */
export function findMarked(table: ProcessTable, wanted: (mark: OwnerMark) => boolean): ProcessStat[] {
  return [...table.values()].filter((stat) => {
    const mark = readOwnerMark(stat.pid);
    return mark !== undefined && wanted(mark);
  });
}

/**
 * The seeds with everything that descends from them: children, and members of the process groups and sessions that one
 * of them leads, which is how those are found whose parent has ended. Of those that have ended themselves, the ones whose
 * parent has yet to wait for them: the others are left to init, which may be slow to take notice, and in a container
 * without one nobody ever does.
 * @param spared processes that are left out, and all that hangs on them alone
 * @returns each with the pid that it joined by, after it in order; seeds with their own
 */
export function closeOverDescendants(
  table: ProcessTable,
  seeds: Iterable<number>,
  spared: (stat: ProcessStat) => boolean = () => false,
): Map<number, number> {
  const members = new Map<number, number>();
  for (const pid of seeds) if (table.has(pid)) members.set(pid, pid);
  for (let grown = true; grown; ) {
    grown = false;
    for (const stat of table.values()) {
      if (members.has(stat.pid)) continue;
      const ties = hasEnded(stat) ? [stat.parentPid] : [stat.parentPid, stat.processGroup, stat.session];
      const kin = ties.find((pid) => members.has(pid));
      if (kin === undefined || spared(stat)) continue;
      members.set(stat.pid, kin);
      grown = true;
    }
  }
  return members;
}

/** This process and all above it: never part of what it may end. */
export function ownAncestry(table: ProcessTable): Set<number> {
  return ancestryOf(table, process.pid);
}

/** A process and all above it. */
function ancestryOf(table: ProcessTable, pid: number): Set<number> {
  const ancestry = new Set<number>();
  for (let above = pid; above > 0 && !ancestry.has(above); above = table.get(above)?.parentPid ?? 0)
    ancestry.add(above);
  return ancestry;
}

/**
 * A process and everything it started that is still there, the process first.
 * When the process itself is gone, what is left of its process group and session. Never plateau or what it hangs on.
 * @param runId also finds what left the tree, by its mark
 */
export function findProcessTree(root: ProcessIdentity, runId?: string): ProcessStat[] {
  const table = readProcessTable();
  // What is above the root was there before, although both may have started in the same hundredth of a second.
  const spared = new Set([...ownAncestry(table), ...ancestryOf(table, root.pid)]);
  spared.delete(root.pid);
  const rootStat = table.get(root.pid);
  const seeds = new Set<number>();
  if (rootStat?.startTime === root.startTime) seeds.add(root.pid);
  for (const stat of table.values()) {
    // A number stays taken as long as a group or session has it: without a process, it is the root's.
    const orphaned =
      rootStat === undefined && !hasEnded(stat) && (stat.processGroup === root.pid || stat.session === root.pid);
    if (orphaned || (runId !== undefined && isMarkedFor(stat, root, runId))) seeds.add(stat.pid);
  }
  const members = closeOverDescendants(table, seeds, (stat) => spared.has(stat.pid));
  return [...members.keys()].filter((pid) => !spared.has(pid)).map((pid) => table.get(pid) as ProcessStat);
}

/** Nothing that is older than the root can come from it: saves reading most environments. */
function isMarkedFor(stat: ProcessStat, root: ProcessIdentity, runId: string): boolean {
  return stat.startTime >= root.startTime && readOwnerMark(stat.pid)?.runId === runId;
}
