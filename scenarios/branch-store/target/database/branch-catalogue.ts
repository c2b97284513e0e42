import { keepLast, type RetentionPolicy, type RetentionSetting, retentionPolicy } from '../store/retention.js';

export interface Branch {
  readonly id: string;
  readonly name: string;
  /** Absent: only the newest version outlives its readers. */
  readonly retention?: RetentionSetting;
}

const defaultPolicy = keepLast(1);

/** The branches there are, by name and by id; ids are never used again, names are. */
export class BranchCatalogue {
  readonly #byName = new Map<string, Branch>();
  readonly #byId = new Map<string, { branch: Branch; policy: RetentionPolicy }>();

  get size(): number {
    return this.#byName.size;
  }

  put(branch: Branch): void {
    this.#byName.set(branch.name, branch);
    const policy = branch.retention === undefined ? defaultPolicy : retentionPolicy(branch.retention);
    this.#byId.set(branch.id, { branch, policy });
  }

  remove(branch: Branch): void {
    this.#byName.delete(branch.name);
    this.#byId.delete(branch.id);
  }

  named(name: string): Branch | undefined {
    return this.#byName.get(name);
  }

  withId(id: string): Branch | undefined {
    return this.#byId.get(id)?.branch;
  }

  policyOf(id: string): RetentionPolicy {
    return this.#byId.get(id)?.policy ?? defaultPolicy;
  }
}
