import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const chunkBytes = 4 * 1024 * 1024;

/** A file read front to back in chunks; `buffer[position]` is the next byte while `position < end`. */
export class ChunkedFile {
  readonly buffer = Buffer.allocUnsafe(chunkBytes);
  position = 0;
  end = 0;
  /** Of `buffer[0]` in the file. */
  private offset = 0;
  private readonly descriptor: number;

  constructor(path: string) {
    this.descriptor = openSync(path, 'r');
  }

  /** Reads the next chunk once the last is used up; false at the end of the file. */
  refill(): boolean {
    this.offset += this.end;
    this.position = 0;
    this.end = readSync(this.descriptor, this.buffer, 0, chunkBytes, this.offset);
    return this.end > 0;
  }

  get offsetInFile(): number {
    return this.offset + this.position;
  }

  get size(): number {
    return fstatSync(this.descriptor).size;
  }

  /** Bytes from anywhere in the file. */
  slice(start: number, end: number): Buffer {
    const bytes = Buffer.allocUnsafe(end - start);
    return bytes.subarray(0, readSync(this.descriptor, bytes, 0, bytes.length, start));
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
