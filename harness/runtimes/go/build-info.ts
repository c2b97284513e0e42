import { readElfSection } from '../elf.js';

/** What the Go linker wrote into an executable. */
export interface GoBuildInfo {
  /** `go1.26.1`; absent before Go 1.18, which wrote it elsewhere. */
  readonly version?: string;
  /** Path of the main module: `example.com/shop`; `command-line-arguments` where files were built and no package. */
  readonly module?: string;
}

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
  const section = readElfSection(path, sectionName);
  try {
    return section === undefined ? undefined : parseBuildInfo(section);
  } catch {
    return undefined;
  }
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
