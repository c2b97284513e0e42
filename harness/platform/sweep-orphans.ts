import { hostname, tmpdir } from 'node:os';
import { type EndOptions, endProcesses } from './end-processes.js';
import { closeLeftInspector } from './inspector/close-inspector.js';
import {
  isRunning,
  livenessOf,
  type OwnerMark,
  ownIdentity,
  type ProcessIdentity,
  processKey,
} from './process-identity.js';
import { hasEnded, type ProcessStat } from './process-stat.js';
import {
  closeOverDescendants,
  ownAncestry,
  type ProcessTable,
  readOwnerMark,
  readProcessTable,
} from './process-tree.js';
import {
  listRunTemporaryDirectories,
  type OpenedInside,
  type RunOwnership,
  removeRunTemporaryDirectory,
} from './run-temporary-directory.js';

/** What a dead plateau had left behind. */
export type SweptOrphan =
  | {
      readonly kind: 'process';
      readonly runId: string;
      readonly pid: number;
      readonly name: string;
      readonly gone: boolean;
    }
  | { readonly kind: OpenedInside['what']; readonly runId: string; readonly pid: number; readonly gone: boolean }
  | { readonly kind: 'directory'; readonly runId: string; readonly path: string; readonly gone: boolean };

export interface SweepOptions extends EndOptions {
  /** @defaultValue the system's temporary directory */
  readonly temporaryRoot?: string;
  /** How what the platform does not know is closed. @returns whether it is closed by now; undefined where none was open */
  readonly closers?: Partial<Record<OpenedInside['what'], (pid: number) => Promise<boolean | undefined>>>;
}

/**
 * Ends every process, closes all that was opened in others, and removes every temporary directory of a plateau that is dead. What belongs
 * to one that lives, or of which that is not certain, is left alone; so is everything without a mark. Safe to run at once
 * in several processes.
 * @returns what was found; `gone: false` for what could not be ended or removed
 */
export async function sweepOrphans(options: SweepOptions = {}): Promise<SweptOrphan[]> {
  const directories = listRunTemporaryDirectories(options.temporaryRoot ?? tmpdir()).filter(({ ownership }) =>
    isOwnerDead(ownership),
  );
  const recorded = directories.flatMap(({ ownership }) => presentOf(ownership, ownership.processes));
  const found = new Map<string, { orphan: ProcessStat; runId: string }>();
  const find = (): ProcessIdentity[] => {
    const orphans = findOrphans(recorded);
    for (const entry of orphans) found.set(processKey(entry.orphan), entry);
    return orphans.map(({ orphan }) => orphan);
  };
  const { remaining } = await endProcesses(find, { termTimeoutMs: 2_000, ...options });
  const left = new Set(remaining.map(processKey));
  const closed = await closeOpened(
    directories.map(({ ownership }) => ownership),
    { inspector: closeLeftInspector, ...options.closers },
  );
  return [
    ...[...found].map(([key, { orphan, runId }]) => ({
      kind: 'process' as const,
      runId,
      pid: orphan.pid,
      name: orphan.name,
      gone: !left.has(key),
    })),
    ...closed,
    ...directories.map(({ path, ownership: { runId } }) => ({
      kind: 'directory' as const,
      runId,
      path,
      // What is open still is noted there, for the start after this one.
      gone: closed.every((open) => open.gone || open.runId !== runId) && removeRunTemporaryDirectory(path),
    })),
  ];
}

/** Of processes that are not plateau's to end. */
async function closeOpened(
  owners: readonly RunOwnership[],
  closers: NonNullable<SweepOptions['closers']>,
): Promise<SweptOrphan[]> {
  const left = owners.flatMap((ownership) => presentOf(ownership, ownership.opened)).filter(isRunning);
  const closing = left.map(async ({ pid, runId, what }) => {
    const gone = await closers[what]?.(pid);
    return gone === undefined ? [] : [{ kind: what, runId, pid, gone }];
  });
  return (await Promise.all(closing)).flat();
}

/** A boot id proves something only on the machine that had it. */
export function isOwnerDead(ownership: RunOwnership): boolean {
  if (ownership.bootId !== ownIdentity().bootId && ownership.host !== hostname()) return false;
  return livenessOf(ownership) === 'dead';
}

type OfRun<Identity> = Identity & { readonly runId: string };

/** Start times count from boot: those of an earlier one name nobody. */
function presentOf<Identity extends ProcessIdentity>(
  ownership: RunOwnership,
  recorded: readonly Identity[],
): OfRun<Identity>[] {
  const self = ownIdentity();
  if (ownership.bootId !== self.bootId || ownership.pidNamespace !== self.pidNamespace) return [];
  return recorded.map((identity) => ({ ...identity, runId: ownership.runId }));
}

/** Everything that runs for a dead plateau: by its mark, by its record, or because it descends from such a one. */
function findOrphans(recorded: readonly OfRun<ProcessIdentity>[]): { orphan: ProcessStat; runId: string }[] {
  const table = readProcessTable();
  const marks = readMarks(table);
  const liveness = memoise(livenessOf);
  const runIds = new Map<number, string>();
  for (const [pid, mark] of marks) if (liveness(mark.owner) === 'dead') runIds.set(pid, mark.runId);
  for (const { pid, startTime, runId } of recorded) if (table.get(pid)?.startTime === startTime) runIds.set(pid, runId);
  const untouchable = ownFamily(table);
  const spared = (stat: ProcessStat): boolean => {
    const mark = marks.get(stat.pid);
    return untouchable.has(stat.pid) || (mark !== undefined && liveness(mark.owner) !== 'dead');
  };
  const seeds = [...runIds.keys()].filter((pid) => !untouchable.has(pid));
  const orphans: { orphan: ProcessStat; runId: string }[] = [];
  for (const [pid, kin] of closeOverDescendants(table, seeds, spared)) {
    const runId = runIds.get(pid) ?? (runIds.get(kin) as string);
    runIds.set(pid, runId);
    const orphan = table.get(pid) as ProcessStat;
    if (!hasEnded(orphan)) orphans.push({ orphan, runId });
  }
  return orphans;
}

function readMarks(table: ProcessTable): Map<number, OwnerMark> {
  const marks = new Map<number, OwnerMark>();
  for (const pid of table.keys()) {
    const mark = readOwnerMark(pid);
    if (mark !== undefined) marks.set(pid, mark);
  }
  return marks;
}

/** A plateau that runs inside the target of a dead one must not end itself, what it hangs on, or what it started. */
function ownFamily(table: ProcessTable): Set<number> {
  const ancestry = ownAncestry(table);
  const descendants = closeOverDescendants(table, [process.pid], (stat) => ancestry.has(stat.pid));
  return new Set([...ancestry, ...descendants.keys()]);
}

function memoise(liveness: typeof livenessOf): typeof livenessOf {
  const known = new Map<string, ReturnType<typeof livenessOf>>();
  return (owner) => {
    const key = `${owner.bootId}/${owner.pidNamespace}/${owner.pid}/${owner.startTime}`;
    const present = known.get(key) ?? liveness(owner);
    known.set(key, present);
    return present;
  };
}
