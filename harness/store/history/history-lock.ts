import { linkSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { PlateauError } from '../../model/errors.js';
import type { OwnerIdentity } from '../../model/run-log.js';
import { livenessOf, ownIdentity } from '../../platform/process-identity.js';
import { storeError } from '../store-error.js';
import { fileMode } from '../write-file.js';

const retryMs = 15;
const patienceMs = 30_000;
/** Whether a holder in another container lives is not known; none holds the lock for a fraction of this. */
const heldMsMax = 60_000;

let claims = 0;

/**
 * Does work while no other process holds the same lock. A lock is a file with its owner's identity in it, made at once
 * by a hard link; one whose owner has died is taken over.
 * @throws {PlateauError} `PLATEAU_STORE` when it is held for half a minute
 */
export async function withLock<T>(path: string, work: () => T): Promise<T> {
  claims += 1;
  const claim = `${path}.${process.pid}-${claims}`;
  try {
    writeFileSync(claim, JSON.stringify(ownIdentity()), { mode: fileMode });
  } catch (error) {
    throw storeError('write', claim, error);
  }
  try {
    await acquire(path, claim);
  } finally {
    rmSync(claim, { force: true });
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

async function acquire(path: string, claim: string): Promise<void> {
  const giveUpAtMs = performance.now() + patienceMs;
  while (!linked(claim, path)) {
    const holder = readHolder(path);
    if (holder !== undefined && isGone(path, holder)) takeAway(path, holder.text, claim);
    else if (performance.now() < giveUpAtMs) await delay(retryMs);
    else
      throw new PlateauError(
        'PLATEAU_STORE',
        `${path}: expected the history to be free within ${patienceMs / 1000} s, got held by process ${holder?.owner?.pid ?? 'unknown'}.`,
        { hint: 'wait for that process, or remove the file if there is none' },
      );
  }
}

function linked(claim: string, path: string): boolean {
  try {
    linkSync(claim, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw storeError('lock', path, error);
  }
}

interface Holder {
  readonly text: string;
  readonly owner: OwnerIdentity | undefined;
}

function readHolder(path: string): Holder | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return { text, owner: parsed(text) };
  } catch {
    return undefined;
  }
}

function parsed(text: string): OwnerIdentity | undefined {
  try {
    return JSON.parse(text) as OwnerIdentity;
  } catch {
    return undefined;
  }
}

function isGone(path: string, { owner }: Holder): boolean {
  const liveness = owner === undefined ? 'unknown' : livenessOf(owner);
  if (liveness !== 'unknown') return liveness === 'dead';
  const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return mtimeMs !== undefined && Date.now() - mtimeMs > heldMsMax;
}

/**
 * Moves a dead owner's lock aside. Of several that try, one gets it; one that came late and got the next owner's lock
 * puts it back.
 */
function takeAway(path: string, text: string, claim: string): void {
  const aside = `${claim}-aside`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, path);
    unlinkSync(aside);
  } catch {
    // Somebody else was faster.
    rmSync(aside, { force: true });
  }
}
