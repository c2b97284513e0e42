import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogWriter } from '../storage/log-writer.js';
import { type Manifest, persistManifest } from '../storage/manifest.js';
import { listSegments, removeSegment } from '../storage/segment.js';
import { writeSnapshot } from '../storage/snapshot.js';
import type { DatabasePaths } from './database-paths.js';
import type { DatabaseState } from './database-state.js';

/** Segments behind the snapshot that call for a new one: 1 MiB of log. */
const segmentsMax = 16;
/** Writes that pause this long are put into a snapshot, so that a service at rest has one empty segment. */
const idleMs = 30;

/** `manual`: only when asked, and on close. */
export type CheckpointMode = 'automatic' | 'manual';

interface CheckpointerParts {
  readonly paths: DatabasePaths;
  readonly state: DatabaseState;
  readonly log: LogWriter;
  readonly manifest: Manifest;
  readonly mode: CheckpointMode;
  /** The log holds records that no snapshot has. */
  readonly isBehind: boolean;
}

/** Moves what the log holds into a snapshot, and drops the log up to there. */
export class Checkpointer {
  readonly #parts: CheckpointerParts;
  #manifest: Manifest;
  #isDirty = false;
  #idle: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(parts: CheckpointerParts) {
    this.#parts = parts;
    this.#manifest = parts.manifest;
    if (parts.isBehind) this.noteWrite(undefined);
  }

  get isQuiet(): boolean {
    return this.#idle === undefined && this.#running === undefined;
  }

  noteWrite(segmentNumber: number | undefined): void {
    this.#isDirty = true;
    if (this.#parts.mode === 'manual') return;
    if (this.#idle === undefined) this.#idle = setTimeout(() => this.#runUnasked(), idleMs);
    else this.#idle.refresh();
    const segments = (segmentNumber ?? 0) - this.#manifest.firstSegment;
    if (segments >= segmentsMax && this.#running === undefined) this.#runUnasked();
  }

  /** Waits for one that is under way; does nothing when the snapshot is up to date. */
  async run(): Promise<void> {
    while (this.#running !== undefined) await this.#running.catch(() => undefined);
    if (!this.#isDirty) return;
    this.#running = this.#checkpoint().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Writes the manifest as it is. */
  persistManifest(): Promise<void> {
    return persistManifest(this.#parts.paths.manifest, this.#manifest);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    await this.#running?.catch(() => undefined);
  }

  /** A checkpoint that fails loses nothing, since the log is kept. */
  async runIfPossible(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      console.error(`checkpoint of ${this.#parts.paths.directory} failed, the log is kept: ${String(error)}`);
    }
  }

  #runUnasked(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    void this.runIfPossible();
  }

  async #checkpoint(): Promise<void> {
    const { paths, state, log } = this.#parts;
    // Opening the new segment takes turns of the event loop in which all older records were published.
    const firstSegment = await log.rotate();
    this.#isDirty = false;
    const reader = { startVersion: state.publishedVersion };
    state.readers.enter(reader);
    try {
      const snapshot = `${reader.startVersion}.snapshot`;
      await writeSnapshot(join(paths.snapshots, snapshot), state.store, reader.startVersion, 'snapshot');
      const previous = this.#manifest;
      const next: Manifest = { formatVersion: 1, snapshot, firstSegment };
      await persistManifest(paths.manifest, next);
      this.#manifest = next;
      await this.#prune(previous);
    } catch (error) {
      this.#isDirty = true;
      throw error;
    } finally {
      state.readers.leave(reader);
    }
  }

  async #prune(previous: Manifest): Promise<void> {
    const { paths } = this.#parts;
    const { snapshot, firstSegment } = this.#manifest;
    if (previous.snapshot !== undefined && previous.snapshot !== snapshot) {
      await rm(join(paths.snapshots, previous.snapshot), { force: true });
    }
    for (const number of await listSegments(paths.segments)) {
      if (number < firstSegment) await removeSegment(paths.segments, number);
    }
  }
}
