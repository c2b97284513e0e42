import { closeSync, openSync, readSync } from 'node:fs';

/** What the Go linker wrote into an executable. */
export interface GoBuildInfo {
  /** `go1.26.1`; absent before Go 1.18, which wrote it elsewhere. */
  readonly version?: string;
  /** Path of the main module: `example.com/shop`; `command-line-arguments` where files were built and no package. */
  readonly module?: string;
}

const elfMagic = 0x7f454c46;
const elfHeaderBytes = 64;
const sectionHeaderBytes = 64;
/** A stripped executable has 20 sections, one with debug information 40. */
const sectionsMax = 200;
const sectionName = '.go.buildinfo';
const infoMagic = '\xff Go buildinf:';
const flagsOffset = 15;
const inlineStrings = 2;
const stringsOffset = 32;
/** The list of modules is framed by 16 bytes on both sides. */
const frameBytes = 16;

/**
 * Reads the build information of a Go executable: of ELF, 64 bits, little-endian.
 * @returns undefined when the file is no such executable, or cannot be read
 */
export function readGoBuildInfo(path: string): GoBuildInfo | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const section = findSection(descriptor);
    return section === undefined ? undefined : parseBuildInfo(section);
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

function findSection(descriptor: number): Buffer | undefined {
  const header = bytesAt(descriptor, 0, elfHeaderBytes);
  const isElf64 = header.readUInt32BE(0) === elfMagic && header[4] === 2 && header[5] === 1;
  const count = header.readUInt16LE(60);
  if (!isElf64 || count === 0 || count > sectionsMax) return undefined;
  const table = bytesAt(descriptor, Number(header.readBigUInt64LE(40)), count * sectionHeaderBytes);
  const section = (index: number) => {
    const start = index * sectionHeaderBytes;
    return {
      name: table.readUInt32LE(start),
      offset: Number(table.readBigUInt64LE(start + 24)),
      size: Number(table.readBigUInt64LE(start + 32)),
    };
  };
  const names = section(header.readUInt16LE(62));
  const text = bytesAt(descriptor, names.offset, names.size).toString('latin1');
  for (let index = 0; index < count; index += 1) {
    const { name, offset, size } = section(index);
    if (text.startsWith(`${sectionName}\0`, name)) return bytesAt(descriptor, offset, size);
  }
  return undefined;
}

function bytesAt(descriptor: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
}

function parseBuildInfo(bytes: Buffer): GoBuildInfo | undefined {
  if (bytes.toString('latin1', 0, infoMagic.length) !== infoMagic) return undefined;
  if (((bytes[flagsOffset] ?? 0) & inlineStrings) === 0) return {};
  const [version, afterVersion] = stringAt(bytes, stringsOffset);
  const [modules] = stringAt(bytes, afterVersion);
  const [, named, ofFiles] =
    /^(?:mod\t([^\t\n]+)|path\t(command-line-arguments)$)/m.exec(modules.slice(frameBytes, -frameBytes)) ?? [];
  const module = named ?? ofFiles;
  return { version: version.split(' ')[0]!, ...(module !== undefined && { module }) };
}

/** A length as base-128 varint, then so many bytes. */
function stringAt(bytes: Buffer, start: number): [text: string, end: number] {
  let position = start;
  let length = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes.readUInt8(position++);
    length += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
  }
  return [bytes.toString('utf8', position, position + length), position + length];
}
