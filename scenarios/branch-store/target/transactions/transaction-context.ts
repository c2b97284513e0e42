import { planted } from '../defects.js';
import type { Reader } from '../store/readers.js';
import type { Write } from '../store/write.js';

/** `create-only`: the commit fails when the key exists. */
export type WriteMode = 'overwrite' | 'create-only';

export type TransactionStatus = 'idle' | 'active' | 'committed' | 'aborted';

/** All that one transaction knows; used again for many, so `reset` must leave nothing behind. */
export class TransactionContext implements Reader {
  id = 0;
  branchName = '';
  branchId = '';
  /** Who began it, for `GET /transactions`. */
  client = '';
  startVersion = 0;
  startedAt = 0;
  status: TransactionStatus = 'idle';
  /** Versions that were read, by store key. */
  readonly reads = new Map<string, number>();
  /** Changes to make, by store key. */
  readonly writes = new Map<string, Write>();
  /** Only what differs from `overwrite`, by store key. */
  readonly writeModes = new Map<string, WriteMode>();

  begin(id: number, branch: { readonly id: string; readonly name: string }, client: string, version: number): void {
    this.id = id;
    this.branchId = branch.id;
    this.branchName = branch.name;
    this.client = client;
    this.startVersion = version;
    this.startedAt = Date.now();
    this.status = 'active';
  }

  reset(): void {
    this.id = 0;
    this.branchId = '';
    this.branchName = '';
    this.client = '';
    this.startVersion = 0;
    this.startedAt = 0;
    this.status = 'idle';
    this.reads.clear();
    this.writes.clear();
    if (!planted('stale-write-modes')) this.writeModes.clear();
  }

  /** What `reset` left behind; 0 in a sound service. */
  get staleCount(): number {
    return this.status === 'idle' ? this.reads.size + this.writes.size + this.writeModes.size : 0;
  }
}
