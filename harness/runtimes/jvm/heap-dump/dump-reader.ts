import { closeSync, openSync, readSync } from 'node:fs';

const chunkBytes = 4 * 1024 * 1024;

/** A heap dump read front to back, big-endian, in chunks: its size does not matter. */
export class DumpReader {
  private buffer = Buffer.allocUnsafe(chunkBytes);
  private position = 0;
  private end = 0;
  private readonly descriptor: number;
  /** Bytes of an object's identity: 4 or 8. */
  idBytes = 8;
  /** Bytes that were read. */
  consumed = 0;

  constructor(path: string) {
    this.descriptor = openSync(path, 'r');
  }

  /** Whether there is another byte. */
  hasMore(): boolean {
    return this.fill(1);
  }

  u1(): number {
    return this.buffer.readUInt8(this.take(1));
  }

  u2(): number {
    return this.buffer.readUInt16BE(this.take(2));
  }

  u4(): number {
    return this.buffer.readUInt32BE(this.take(4));
  }

  /** An address; those of 64 bits fit a double, as user space ends at 2^47. */
  id(): number {
    if (this.idBytes === 4) return this.u4();
    const start = this.take(8);
    return this.buffer.readUInt32BE(start) * 4_294_967_296 + this.buffer.readUInt32BE(start + 4);
  }

  /** An `int` or a `long`; to the precision of a double. */
  integer(bytes: number): number {
    const start = this.take(bytes);
    return bytes === 4 ? this.buffer.readInt32BE(start) : Number(this.buffer.readBigInt64BE(start));
  }

  text(length: number): string {
    const start = this.take(length);
    return this.buffer.toString('utf8', start, start + length);
  }

  skip(length: number): void {
    this.consumed += length;
    for (let left = length; ; ) {
      const here = Math.min(left, this.end - this.position);
      this.position += here;
      left -= here;
      if (left === 0) return;
      if (!this.fill(1)) throw new Error('the heap dump is cut short');
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** @returns where the next bytes lie in the buffer */
  private take(length: number): number {
    if (this.position + length > this.end && !this.fill(length)) throw new Error('the heap dump is cut short');
    const start = this.position;
    this.position += length;
    this.consumed += length;
    return start;
  }

  private fill(length: number): boolean {
    if (this.position + length <= this.end) return true;
    if (length > this.buffer.length) this.buffer = Buffer.concat([this.buffer], length);
    this.buffer.copyWithin(0, this.position, this.end);
    this.end -= this.position;
    this.position = 0;
    while (this.end < length) {
      const read = readSync(this.descriptor, this.buffer, this.end, this.buffer.length - this.end, null);
      if (read === 0) return false;
      this.end += read;
    }
    return true;
  }
}
