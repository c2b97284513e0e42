import { planted } from '../defects.js';
import type { RetentionPolicy } from './retention.js';

/** A value as of one commit; without `value` it says that the key was deleted. */
export interface Version {
  readonly version: number;
  readonly value?: unknown;
  readonly expiresAt?: number;
}

/** Every version of one key that somebody may still read, oldest first. */
export class VersionChain {
  readonly #versions: Version[] = [];

  get length(): number {
    return this.#versions.length;
  }

  get newest(): Version | undefined {
    return this.#versions.at(-1);
  }

  get isCollectable(): boolean {
    return this.#versions.length > 1 || (this.#versions.length === 1 && isTombstone(this.#versions[0]!));
  }

  /** Adds a version once: what a replay brings again is there already. */
  add(version: Version): boolean {
    const newest = this.newest;
    if (newest !== undefined && version.version <= newest.version && !planted('replay-appends')) return false;
    this.#versions.push(version);
    return true;
  }

  /** What a reader that began at this version sees. */
  visibleAt(version: number): Version | undefined {
    return this.#versions[this.#visibleIndex(version)];
  }

  upTo(version: number): readonly Version[] {
    return this.#versions.slice(0, this.#visibleIndex(version) + 1);
  }

  /**
   * Drops what neither a reader nor the policy wants: the oldest reader needs the version it sees and all newer ones.
   * @returns whether the chain is empty now, since all that was left said that the key is deleted
   */
  collect(oldestReader: number, policy: RetentionPolicy): boolean {
    const versions = this.#versions;
    let firstKept = this.#visibleIndex(oldestReader);
    const seenByAll = firstKept === versions.length - 1;
    while (firstKept > 0 && policy.retains(versions.length - firstKept)) firstKept -= 1;
    if (firstKept > 0) versions.splice(0, firstKept);
    if (seenByAll && !policy.retainsDeleted && versions.length > 0 && isTombstone(versions.at(-1)!)) {
      versions.splice(0, versions.length - (planted('gc-keeps-tombstones') ? 1 : 0));
    }
    return versions.length === 0;
  }

  /** The newest that is not after `version`; -1 when there is none. */
  #visibleIndex(version: number): number {
    let index = this.#versions.length - 1;
    while (index >= 0 && this.#versions[index]!.version > version) index -= 1;
    return index;
  }
}

export function isTombstone(version: Version): boolean {
  return version.value === undefined;
}
