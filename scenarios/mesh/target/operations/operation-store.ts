import type { SignedOperation } from '../../protocol/operation.js';

/** Operations by hash, and the log of each author. Keeps the newest `keepPerLog` of a log. */
export class OperationStore {
  readonly #operations = new Map<string, SignedOperation>();
  readonly #logs = new Map<string, SignedOperation[]>();
  readonly #keepPerLog: number;

  constructor(keepPerLog: number) {
    this.#keepPerLog = keepPerLog;
  }

  get operations(): number {
    return this.#operations.size;
  }

  get logs(): number {
    return this.#logs.size;
  }

  insert(operation: SignedOperation): void {
    const log = this.#logs.get(operation.author) ?? [];
    this.#logs.set(operation.author, log);
    this.#operations.set(operation.hash, operation);
    log.push(operation);
    while (log.length > this.#keepPerLog) this.#operations.delete(log.shift()!.hash);
  }

  /** @returns whether it was there */
  delete(hash: string): boolean {
    const operation = this.#operations.get(hash);
    if (operation === undefined) return false;
    this.#operations.delete(hash);
    const log = this.#logs.get(operation.author) ?? [];
    log.splice(log.lastIndexOf(operation), 1);
    if (log.length === 0) this.#logs.delete(operation.author);
    return true;
  }
}
