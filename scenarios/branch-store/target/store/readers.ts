/** Somebody who reads the state as of one version. */
export interface Reader {
  readonly startVersion: number;
}

/** Who reads which version; garbage collection spares what the oldest of them sees. */
export class Readers {
  readonly #readers = new Set<Reader>();
  readonly #onLeave: () => void;

  /** @param onLeave called when a reader is done, since more can be collected then */
  constructor(onLeave: () => void) {
    this.#onLeave = onLeave;
  }

  get count(): number {
    return this.#readers.size;
  }

  enter(reader: Reader): void {
    this.#readers.add(reader);
  }

  leave(reader: Reader): void {
    if (this.#readers.delete(reader)) this.#onLeave();
  }

  /** @param newest version that a reader who came now would see */
  oldestVersion(newest: number): number {
    let oldest = newest;
    for (const { startVersion } of this.#readers) if (startVersion < oldest) oldest = startVersion;
    return oldest;
  }
}
