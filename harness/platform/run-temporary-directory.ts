import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PlateauError } from '../model/errors.js';
import type { OwnerIdentity } from '../model/run-log.js';
import { assertRunId, identityOf, ownIdentity, type ProcessIdentity } from './process-identity.js';

export interface RunTemporaryDirectory {
  /** `<tmp>/plateau-<run id>`: holds who owns it. */
  readonly path: string;
  /** Below it, the target's own: `TMPDIR` of what is started. */
  readonly targetPath: string;
}

/** What lies in `owner.json`. */
export interface RunOwnership extends OwnerIdentity {
  readonly runId: string;
  /** Another machine may share the directory, and its boots say nothing here. */
  readonly host: string;
  /** Processes that plateau started itself: found again even if they wrote over their environment. */
  readonly processes: readonly ProcessIdentity[];
  /** What it has had opened in processes that run without it, and not closed yet. */
  readonly opened: readonly OpenedInside[];
}

/** An inspector of Node, or a flight recording of a JVM. */
export interface OpenedInside extends ProcessIdentity {
  readonly what: 'inspector' | 'recording';
}

const directoryPrefix = 'plateau-';
const ownerFile = 'owner.json';

/**
 * Makes the directory of a run, mode 0700.
 * @throws {PlateauError} `PLATEAU_STORE` when it exists or cannot be made
 */
export function createRunTemporaryDirectory(runId: string, temporaryRoot = tmpdir()): RunTemporaryDirectory {
  assertRunId(runId);
  const path = join(temporaryRoot, directoryPrefix + runId);
  const targetPath = join(path, 'target');
  try {
    mkdirSync(path, { mode: 0o700 });
    writeOwnership(path, { ...ownIdentity(), runId, host: hostname(), processes: [], opened: [] });
    mkdirSync(targetPath, { mode: 0o700 });
  } catch (cause) {
    throw new PlateauError(
      'PLATEAU_STORE',
      `Temporary directory ${path}: expected to create it, got ${String(cause)}`,
      {
        hint: 'set TMPDIR to a directory that is writable and has space',
        cause,
      },
    );
  }
  return { path, targetPath };
}

/** Notes a process that the run started, so that the next start ends it when this one cannot. */
export function recordRunProcess(path: string, pid: number): void {
  const identity = identityOf(pid);
  if (identity !== undefined) changeOwnership(path, ({ processes }) => ({ processes: [...processes, identity] }));
}

/** Notes what is about to be opened in a process, so that the next start closes it when this one cannot. */
export function recordOpened(path: string, pid: number, what: OpenedInside['what']): void {
  const identity = identityOf(pid);
  if (identity !== undefined) changeOwnership(path, ({ opened }) => ({ opened: [...opened, { ...identity, what }] }));
}

/** Of what was closed. */
export function forgetOpened(path: string, pid: number, what: OpenedInside['what']): void {
  changeOwnership(path, ({ opened }) => ({ opened: opened.filter((left) => left.pid !== pid || left.what !== what) }));
}

function changeOwnership(path: string, change: (ownership: RunOwnership) => Partial<RunOwnership>): void {
  const ownership = readOwnership(path);
  if (ownership !== undefined) writeOwnership(path, { ...ownership, ...change(ownership) });
}

/** Replaced in one step: a reader sees the old one or the new one. */
function writeOwnership(path: string, ownership: RunOwnership): void {
  const file = join(path, ownerFile);
  writeFileSync(`${file}.new`, JSON.stringify(ownership), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Who owns a run's temporary directory; undefined unless it is surely one of ours. */
export function readOwnership(path: string): RunOwnership | undefined {
  if (!isOwnDirectory(path)) return undefined;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(join(path, ownerFile), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const stat = fstatSync(descriptor);
    return stat.isFile() && isOwnedByThisUser(stat.uid) ? parseOwnership(readFileSync(descriptor, 'utf8')) : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function parseOwnership(text: string): RunOwnership | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, startTime, bootId, pidNamespace, runId, host, processes, opened } = value as Record<string, unknown>;
  if (!isCount(pid) || !isCount(startTime) || !Array.isArray(processes) || !Array.isArray(opened)) return undefined;
  const texts = [bootId, pidNamespace, runId, host];
  if (!texts.every((entry) => typeof entry === 'string' && entry !== '')) return undefined;
  return [...processes, ...opened].every((entry) => isCount(entry?.pid) && isCount(entry?.startTime))
    ? (value as RunOwnership)
    : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Directories of runs, dead or alive, below the temporary root. */
export function listRunTemporaryDirectories(temporaryRoot = tmpdir()): { path: string; ownership: RunOwnership }[] {
  let names: string[];
  try {
    names = readdirSync(temporaryRoot).filter((name) => name.startsWith(directoryPrefix));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const path = join(temporaryRoot, name);
    const ownership = readOwnership(path);
    return ownership === undefined || name !== directoryPrefix + ownership.runId ? [] : [{ path, ownership }];
  });
}

/**
 * Removes the directory of a run with all that is in it; links are removed, not followed.
 * @returns whether it is gone: false when it is not one of ours, or something in it resists
 */
export function removeRunTemporaryDirectory(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return true;
  if (!basename(path).startsWith(directoryPrefix) || !isOwnDirectory(path)) return false;
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    try {
      openUp(path);
      rmSync(path, { recursive: true, force: true });
    } catch {
      return false;
    }
  }
  return true;
}

/** Gives the owner back what a target took away by chmod: without it, a directory cannot be emptied. */
function openUp(path: string): void {
  chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true }))
    if (entry.isDirectory()) openUp(join(path, entry.name));
}

function isOwnDirectory(path: string): boolean {
  try {
    const stat = lstatSync(path);
    return stat.isDirectory() && isOwnedByThisUser(stat.uid);
  } catch {
    return false;
  }
}

/** Windows shows no owner; a user's temporary directory is private there. */
function isOwnedByThisUser(uid: number): boolean {
  return process.getuid === undefined || process.getuid() === uid;
}
