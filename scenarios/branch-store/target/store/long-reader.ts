import type { Reader, Readers } from './readers.js';

/** Commits before the report begins, and while it runs. */
const beginsAfter = 300;
const endsAfter = 500;

/** Of `long-reader` alone: one report that reads at its version for 200 commits, and keeps what they supersede. */
export class LongReader {
  readonly #readers: Readers;
  #commits = 0;
  #reader: Reader | undefined;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  noteCommit(version: number): void {
    this.#commits += 1;
    if (this.#commits === beginsAfter) {
      this.#reader = { startVersion: version };
      this.#readers.enter(this.#reader);
    }
    if (this.#commits === endsAfter) this.#readers.leave(this.#reader!);
  }
}
