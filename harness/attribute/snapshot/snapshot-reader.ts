import { ChunkedFile } from './chunked-file.js';

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const digitZero = 0x30;
const digitNine = 0x39;

/** Sizes and field names at the head of a heap snapshot. */
export interface SnapshotHeader {
  readonly meta: {
    readonly node_fields: readonly string[];
    readonly node_types: readonly [readonly string[], ...unknown[]];
    readonly edge_fields: readonly string[];
    readonly edge_types: readonly [readonly string[], ...unknown[]];
    readonly location_fields?: readonly string[];
  };
  readonly node_count: number;
  readonly edge_count: number;
}

/**
 * Goes through V8's heap snapshot JSON byte by byte: it is one object whose large members are arrays of numbers, and
 * of strings at the end. `JSON.parse` would need the whole text in one string, which ends at 512 MiB.
 */
export class SnapshotReader {
  readonly header: SnapshotHeader;
  private readonly file: ChunkedFile;

  /** @throws {Error} when the file does not begin as a heap snapshot */
  constructor(readonly path: string) {
    this.file = new ChunkedFile(path);
    try {
      this.file.refill();
      const head = this.file.buffer.toString('latin1', 0, this.file.end);
      const headEnd = head.indexOf('"nodes"');
      this.header = headerOf(head.slice(0, headEnd), this.file.size);
      this.file.position = headEnd;
    } catch (cause) {
      this.file.close();
      throw new Error(`${path} is not a heap snapshot`, { cause });
    }
  }

  /** Goes into the next array member; its name, or `undefined` at the end. */
  nextArray(): string | undefined {
    if (!this.skipTo(quote)) return undefined;
    let name = '';
    for (let byte = this.nextByte(); byte >= 0 && byte !== quote; byte = this.nextByte()) {
      name += String.fromCharCode(byte);
    }
    return this.skipTo(openBracket) ? name : undefined;
  }

  /** Leaves the array that was gone into, whatever is nested in it. */
  skipArray(): void {
    for (let depth = 1; depth > 0; ) {
      const byte = this.nextByte();
      if (byte < 0) return;
      if (byte === openBracket) depth += 1;
      else if (byte === closeBracket) depth -= 1;
    }
  }

  /**
   * Fills `block` with the next numbers of the array that was gone into.
   * @returns how many; fewer than fit only at the end of the array, which is then left
   */
  readNumbers(block: Uint32Array): number {
    const { file } = this;
    const { buffer } = file;
    let count = 0;
    let value = 0;
    let within = false;
    while (count < block.length) {
      if (file.position >= file.end && !file.refill()) break;
      const { end } = file;
      let { position } = file;
      let byte = 0;
      for (; position < end && count < block.length; position += 1) {
        byte = buffer[position] as number;
        if (byte >= digitZero && byte <= digitNine) {
          value = value * 10 + byte - digitZero;
          within = true;
          continue;
        }
        if (within) block[count++] = value;
        within = false;
        value = 0;
        if (byte === closeBracket) break;
      }
      file.position = position;
      if (byte === closeBracket) {
        if (count < block.length) file.position += 1;
        break;
      }
    }
    return count;
  }

  /**
   * Calls `found` with where each string of the array begins and ends in the file, its quotes included, and a hash of
   * its first bytes.
   */
  readStrings(found: (start: number, end: number, hash: number) => void): void {
    for (;;) {
      const opening = this.nextByte();
      if (opening < 0 || opening === closeBracket) return;
      if (opening !== quote) continue;
      const start = this.file.offsetInFile - 1;
      let hash = hashStart;
      let byte = this.nextByte();
      for (; byte >= 0 && byte !== quote; byte = this.nextByte()) {
        hash = hashStep(hash, byte);
        if (byte === backslash) hash = hashStep(hash, this.nextByte());
      }
      found(start, this.file.offsetInFile, hash);
    }
  }

  /** A string that `readStrings` reported. */
  stringAt(start: number, end: number): string {
    return JSON.parse(this.file.slice(start, end).toString('utf8')) as string;
  }

  close(): void {
    this.file.close();
  }

  private nextByte(): number {
    const { file } = this;
    if (file.position >= file.end && !file.refill()) return -1;
    const byte = file.buffer[file.position] as number;
    file.position += 1;
    return byte;
  }

  private skipTo(wanted: number): boolean {
    for (let byte = this.nextByte(); byte >= 0; byte = this.nextByte()) if (byte === wanted) return true;
    return false;
  }
}

/** Each field of a row has a digit and what divides it from the next. */
const fieldBytesMin = 2;

/** @throws {Error} when the head is another, or promises more rows than the file has room for */
function headerOf(head: string, fileBytes: number): SnapshotHeader {
  const { snapshot } = JSON.parse(`${head.replace(/,\s*$/, '')}}`) as { snapshot: SnapshotHeader };
  const { node_count: nodes, edge_count: edges, meta } = snapshot;
  const isNames = (names: unknown) => Array.isArray(names) && names.every((name) => typeof name === 'string');
  const [nodeTypes] = meta.node_types;
  const [edgeTypes] = meta.edge_types;
  const fieldsKnown =
    [meta.node_fields, meta.edge_fields, nodeTypes, edgeTypes, meta.location_fields ?? []].every(isNames) &&
    ['type', 'name', 'id', 'self_size', 'edge_count'].every((name) => meta.node_fields.includes(name)) &&
    ['type', 'name_or_index', 'to_node'].every((name) => meta.edge_fields.includes(name));
  const isCount = (count: unknown) => Number.isInteger(count) && (count as number) >= 0;
  const fields = nodes * meta.node_fields.length + edges * meta.edge_fields.length;
  if (!fieldsKnown || !isCount(nodes) || !isCount(edges) || fields * fieldBytesMin > fileBytes)
    throw new Error('another head');
  return snapshot;
}

/** FNV-1a, 32 bits. */
const hashStart = 0x811c9dc5 | 0;

function hashStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** The hash that `readStrings` gives to a text of plain ASCII. */
export function hashOf(text: string): number {
  let hash = hashStart;
  for (let index = 0; index < text.length; index += 1) hash = hashStep(hash, text.charCodeAt(index));
  return hash;
}
