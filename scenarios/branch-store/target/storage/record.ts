import { crc32 } from 'node:zlib';
import type { Write } from '../store/write.js';

/** What one commit changes; the unit of durability. */
export interface LogRecord {
  readonly version: number;
  readonly branchId: string;
  readonly writes: readonly Write[];
}

const frameBytes = 8;

/** `length: u32, crc32: u32, payload: JSON`, little endian. */
export function encodeRecord(record: LogRecord): Buffer {
  const payload = JSON.stringify(record);
  const bytes = Buffer.allocUnsafe(frameBytes + Buffer.byteLength(payload));
  bytes.write(payload, frameBytes);
  bytes.writeUInt32LE(bytes.length - frameBytes, 0);
  bytes.writeUInt32LE(crc32(bytes.subarray(frameBytes)), 4);
  return bytes;
}

/** Every whole record from `offset` on, and where the first that is torn or damaged begins. */
export function decodeRecords(bytes: Buffer, offset: number): { records: LogRecord[]; validBytes: number } {
  const records: LogRecord[] = [];
  let position = offset;
  while (position + frameBytes <= bytes.length) {
    const end = position + frameBytes + bytes.readUInt32LE(position);
    if (end > bytes.length) break;
    const payload = bytes.subarray(position + frameBytes, end);
    if (crc32(payload) !== bytes.readUInt32LE(position + 4)) break;
    records.push(JSON.parse(payload.toString()));
    position = end;
  }
  return { records, validBytes: position };
}
