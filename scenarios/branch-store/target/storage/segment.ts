import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OpenFile, readFileAt, syncDirectory } from './open-file.js';
import { decodeRecords, type LogRecord } from './record.js';

const header = Buffer.from('BRNCHWAL');

/** One file of the write-ahead log, open for appending. */
export class Segment {
  readonly number: number;
  readonly #file: OpenFile;
  #sizeBytes: number;

  private constructor(number: number, file: OpenFile, sizeBytes: number) {
    this.number = number;
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get isEmpty(): boolean {
    return this.#sizeBytes === header.length;
  }

  static async create(directory: string, number: number): Promise<Segment> {
    const file = await OpenFile.open(segmentPath(directory, number), 'ax', 'segment-create');
    return closedOnFailure(file, async () => {
      const segment = new Segment(number, file, 0);
      await segment.append(header);
      await file.sync();
      await syncDirectory(directory);
      return segment;
    });
  }

  /** Continues a segment that an earlier process left; its torn tail is cut off. */
  static async openAppend(directory: string, number: number, validBytes: number): Promise<Segment> {
    const file = await OpenFile.open(segmentPath(directory, number), 'a', 'segment-append');
    return closedOnFailure(file, async () => {
      await file.truncate(validBytes);
      return new Segment(number, file, validBytes);
    });
  }

  async append(bytes: Buffer): Promise<void> {
    await this.#file.append(bytes);
    this.#sizeBytes += bytes.length;
  }

  syncData(): Promise<void> {
    return this.#file.syncData();
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function closedOnFailure<Result>(file: OpenFile, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    await file.close();
    throw error;
  }
}

export interface SegmentContents {
  readonly number: number;
  readonly records: readonly LogRecord[];
  /** Where the next record belongs; what lies behind was torn by a crash. */
  readonly validBytes: number;
  readonly isTorn: boolean;
}

/**
 * A segment that a crash left without its header has 0 valid bytes.
 * @throws {Error} when the file is not a segment
 */
export async function readSegment(directory: string, number: number): Promise<SegmentContents> {
  const path = segmentPath(directory, number);
  const bytes = await readFileAt(path, 'segment-read');
  if (bytes.length < header.length) return { number, records: [], validBytes: 0, isTorn: true };
  if (!bytes.subarray(0, header.length).equals(header)) throw new Error(`${path} is not a log segment`);
  const { records, validBytes } = decodeRecords(bytes, header.length);
  return { number, records, validBytes, isTorn: validBytes < bytes.length };
}

/** Numbers of the segments there are, ascending. */
export async function listSegments(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => name.endsWith('.wal'))
    .map((name) => Number.parseInt(name, 10))
    .sort((left, right) => left - right);
}

export async function removeSegment(directory: string, number: number): Promise<void> {
  await rm(segmentPath(directory, number), { force: true });
}

function segmentPath(directory: string, number: number): string {
  return join(directory, `${String(number).padStart(10, '0')}.wal`);
}
