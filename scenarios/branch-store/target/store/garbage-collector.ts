import { planted } from '../defects.js';
import type { RetentionPolicy } from './retention.js';
import type { Shard, Store } from './store.js';

const collectAfterMs = 5;

interface CollectorView {
  readonly store: Store;
  oldestReader(): number;
  policyOf(branchId: string): RetentionPolicy;
}

/**
 * Drops versions that nobody can read any more. It looks only at keys that were written since it last looked, soon
 * after they were written, and rests otherwise.
 */
export class GarbageCollector {
  readonly #view: CollectorView;
  /** Keys with more than their one live version, by shard; collected with the shard when it is dropped. */
  #candidates = new Map<Shard, Set<string>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(view: CollectorView) {
    this.#view = view;
  }

  /** Nothing is due; keys that a reader pins are not. */
  get isQuiet(): boolean {
    return this.#timer === undefined;
  }

  noteWrite(branchId: string, key: string): void {
    const shard = this.#view.store.shard(branchId);
    if (shard?.chains.get(key)?.isCollectable !== true || planted('version-chains')) return;
    const keys = this.#candidates.get(shard);
    if (keys === undefined) this.#candidates.set(shard, new Set([key]));
    else keys.add(key);
    this.wake();
  }

  wake(): void {
    if (this.#candidates.size === 0 || planted('gc-on-demand')) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.collect();
    }, collectAfterMs);
  }

  /** @returns keys that are gone altogether */
  collect(): number {
    const oldestReader = this.#view.oldestReader();
    let removed = 0;
    for (const [shard, keys] of this.#candidates) {
      const policy = this.#view.policyOf(shard.branchId);
      for (const key of keys) {
        const chain = shard.chains.get(key);
        if (chain?.collect(oldestReader, policy) && shard.chains.delete(key)) removed += 1;
        // What a reader pins is looked at again when the reader leaves; what the policy keeps, at the next write.
        if (chain === undefined || (chain.newest?.version ?? 0) <= oldestReader) keys.delete(key);
      }
      if (keys.size === 0) this.#candidates.delete(shard);
    }
    return removed;
  }

  forget(shard: Shard): void {
    this.#candidates.delete(shard);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
