import { planted } from '../defects.js';
import { Segment } from './segment.js';

interface Entry {
  /** Absent: start a new segment here. */
  readonly bytes?: Buffer;
  resolve(segmentNumber: number): void;
  reject(error: unknown): void;
}

/**
 * The write-ahead log. Commits that arrive while one fsync runs share the next (group commit), so throughput
 * grows with concurrency although every commit waits until it is on disk.
 */
export class LogWriter {
  readonly #directory: string;
  readonly #segmentBytesMax: number;
  /** Relaxed entries wait at most this long for the disk. */
  readonly #lazyFlushMs = 100;
  #segment: Segment;
  #queue: Entry[] = [];
  #draining: Promise<void> | undefined;
  #lazyFlush: NodeJS.Timeout | undefined;
  #failure: unknown;

  constructor(directory: string, segment: Segment, segmentBytesMax: number) {
    this.#directory = directory;
    this.#segment = segment;
    this.#segmentBytesMax = segmentBytesMax;
  }

  get hasUnwritten(): boolean {
    return this.#queue.length > 0 || this.#draining !== undefined;
  }

  /** Settles when the record is on disk; resolves with the number of the segment that holds it. */
  append(bytes: Buffer): Promise<number> {
    return this.#enqueue(bytes);
  }

  /** Accepts a record that may be lost by a crash within the next 100 ms, in return for not waiting. */
  appendRelaxed(bytes: Buffer): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#queue.push({ bytes, resolve: () => undefined, reject: () => undefined });
    this.#lazyFlush ??= setTimeout(() => this.#startDraining(), this.#lazyFlushMs);
  }

  /**
   * Starts a new segment unless the current one is empty.
   * @returns number of the segment that holds no record appended before this call; all older ones are closed
   */
  rotate(): Promise<number> {
    return this.#enqueue(undefined);
  }

  /** Best effort: what is unwritten is written and synced if the disk still takes it. Never rejects. */
  async dispose(): Promise<void> {
    this.#startDraining();
    await this.#draining;
    this.#failure ??= new Error('the log is closed');
    await this.#segment.sync().catch(() => undefined);
    if (planted('dropped-writer-handle')) return;
    await this.#segment.close().catch(() => undefined);
  }

  #enqueue(bytes: Buffer | undefined): Promise<number> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...(bytes && { bytes }), resolve, reject });
      this.#startDraining();
    });
  }

  #startDraining(): void {
    clearTimeout(this.#lazyFlush);
    this.#lazyFlush = undefined;
    if (this.#queue.length > 0) this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#write(batch);
      } catch (error) {
        // After a failed fsync nobody knows what is on disk: the log takes no more records.
        this.#failure = error;
        for (const entry of [...batch, ...this.#queue.splice(0)]) entry.reject(error);
      }
    }
    // At once, not in a later turn: who enqueues next must find that nobody drains.
    this.#draining = undefined;
  }

  /** What fits into the current segment and needs one fsync; a rotation is a batch of its own. */
  #takeBatch(): Entry[] {
    let sizeBytes = this.#segment.sizeBytes;
    let count = 0;
    for (const { bytes } of this.#queue) {
      if (bytes === undefined) break;
      sizeBytes += bytes.length;
      if (sizeBytes > this.#segmentBytesMax && (count > 0 || !this.#segment.isEmpty)) break;
      count += 1;
    }
    return this.#queue.splice(0, Math.max(count, 1));
  }

  async #write(batch: readonly Entry[]): Promise<void> {
    const buffers = batch.flatMap(({ bytes }) => bytes ?? []);
    const lengthBytes = buffers.reduce((sum, { length }) => sum + length, 0);
    if (buffers.length === 0 || this.#segment.sizeBytes + lengthBytes > this.#segmentBytesMax)
      await this.#startSegment();
    if (buffers.length > 0) {
      await this.#segment.append(buffers.length === 1 ? buffers[0]! : Buffer.concat(buffers, lengthBytes));
      await this.#segment.syncData();
    }
    for (const entry of batch) entry.resolve(this.#segment.number);
  }

  async #startSegment(): Promise<void> {
    if (this.#segment.isEmpty) return;
    const full = this.#segment;
    await full.sync();
    this.#segment = await Segment.create(this.#directory, full.number + 1);
    if (!planted('wal-handles')) await full.close();
  }
}
