import { closeSync, openSync, readSync } from 'node:fs';

/** What plateau needs to know of a program or library of Linux. */
export interface ElfFile {
  readonly bits: 32 | 64;
  /** The dynamic linker that starts it; absent for static programs and for libraries. */
  readonly interpreter?: string;
  /** Names of the libraries that it asks for. */
  readonly needed: readonly string[];
  /** Names of the symbols that it defines itself, those for the debugger included. */
  defines(name: RegExp): string | undefined;
  /** Names that it defines for other modules too: these stand in front of a preloaded library's. */
  exports(name: string): boolean;
  /** Whether its constants contain a text. */
  mentions(text: string): boolean;
  /** Address in the file's own terms of what lies at an offset; undefined where nothing is loaded from. */
  addressOf(offset: number): number | undefined;
  /** Name of the function that an address lies in, as the linker knows it. */
  functionAt(address: number): string | undefined;
}

interface Section {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
  readonly link: number;
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly bytes: number;
}

interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  readonly bytes: number;
  readonly isFunction: boolean;
  readonly isDefined: boolean;
}

const loadedSegment = 1;
const interpreterSegment = 3;
const functionType = 2;
const neededTag = 1n;
const symbolBytes = 24;

/** @returns undefined for what is no little-endian ELF file or may not be read */
export function readElf(path: string): ElfFile | undefined {
  return readingFrom(path, parseElf);
}

/**
 * One section of a program of 64 bits; reads nothing else, however large the file is.
 * @returns undefined where there is none, and for what `readElf` cannot read
 */
export function readElfSection(path: string, name: string): Buffer | undefined {
  return readingFrom(path, (read) => {
    const header = headerOf(read);
    if (header === undefined || !has64Bits(header)) return undefined;
    const section = sectionsOf(read, header).find((candidate) => candidate.name === name);
    return section === undefined ? undefined : read(section.offset, section.bytes);
  });
}

function readingFrom<Found>(path: string, find: (read: Read) => Found | undefined): Found | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return find((offset, bytes) => readAt(descriptor, offset, bytes));
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

function readAt(descriptor: number, offset: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  const read = readSync(descriptor, buffer, 0, bytes, offset);
  return buffer.subarray(0, read);
}

type Read = (offset: number, bytes: number) => Buffer;

function headerOf(read: Read): Buffer | undefined {
  const header = read(0, 64);
  const isElf = header.length >= 52 && header.readUInt32BE(0) === 0x7f454c46 && header[5] === 1;
  return isElf ? header : undefined;
}

const has64Bits = (header: Buffer) => header[4] === 2;

function parseElf(read: Read): ElfFile | undefined {
  const header = headerOf(read);
  if (header === undefined) return undefined;
  if (!has64Bits(header)) return emptyElf;
  const segments = segmentsOf(read, header);
  const sections = sectionsOf(read, header);
  const content = ({ offset, bytes }: { offset: number; bytes: number }) => read(offset, bytes);
  const symbolsIn = (name: string) => {
    const section = sections.find((candidate) => candidate.name === name);
    const names = section === undefined ? undefined : sections[section.link];
    return section === undefined || names === undefined ? [] : parseSymbols(content(section), content(names));
  };
  const dynamicSymbols = symbolsIn('.dynsym');
  const symbols = [...dynamicSymbols, ...symbolsIn('.symtab')].filter(({ isDefined }) => isDefined);
  const constants = sections.find(({ name }) => name === '.rodata');
  const text = constants === undefined ? undefined : content(constants);
  const interpreter = segments.find(({ type }) => type === interpreterSegment);
  const functions = symbols.filter(({ isFunction }) => isFunction).sort((one, other) => one.address - other.address);
  return {
    bits: 64,
    ...(interpreter !== undefined && { interpreter: textAt(content(interpreter), 0) }),
    needed: neededBy(sections, content),
    defines: (name) => symbols.find((symbol) => name.test(symbol.name))?.name,
    exports: (name) => dynamicSymbols.some((symbol) => symbol.isDefined && symbol.name === name),
    mentions: (words) => text?.includes(words) ?? false,
    addressOf: (offset) => addressOf(segments, offset),
    functionAt: (address) => functionAt(functions, address),
  };
}

const emptyElf: ElfFile = {
  bits: 32,
  needed: [],
  defines: () => undefined,
  exports: () => false,
  mentions: () => false,
  addressOf: () => undefined,
  functionAt: () => undefined,
};

function segmentsOf(read: Read, header: Buffer): Segment[] {
  const [size, count] = [header.readUInt16LE(54), header.readUInt16LE(56)];
  const table = read(Number(header.readBigUInt64LE(32)), size * count);
  return Array.from({ length: count }, (_, index) => {
    const entry = table.subarray(index * size);
    return {
      type: entry.readUInt32LE(0),
      offset: Number(entry.readBigUInt64LE(8)),
      address: Number(entry.readBigUInt64LE(16)),
      bytes: Number(entry.readBigUInt64LE(32)),
    };
  });
}

function sectionsOf(read: Read, header: Buffer): Section[] {
  const [size, count, namesIndex] = [header.readUInt16LE(58), header.readUInt16LE(60), header.readUInt16LE(62)];
  const table = read(Number(header.readBigUInt64LE(40)), size * count);
  const entries = Array.from({ length: count }, (_, index) => {
    const entry = table.subarray(index * size);
    return {
      nameAt: entry.readUInt32LE(0),
      offset: Number(entry.readBigUInt64LE(24)),
      // What is only memory (`.bss`) has no bytes in the file.
      bytes: entry.readUInt32LE(4) === 8 ? 0 : Number(entry.readBigUInt64LE(32)),
      link: entry.readUInt32LE(40),
    };
  });
  const names = entries[namesIndex];
  const text = names === undefined ? Buffer.alloc(0) : read(names.offset, names.bytes);
  return entries.map(({ nameAt, ...entry }) => ({ ...entry, name: textAt(text, nameAt) }));
}

function parseSymbols(table: Buffer, names: Buffer): ElfSymbol[] {
  return Array.from({ length: Math.floor(table.length / symbolBytes) }, (_, index) => {
    const at = index * symbolBytes;
    return {
      name: textAt(names, table.readUInt32LE(at)),
      isFunction: (table[at + 4]! & 0xf) === functionType,
      isDefined: table.readUInt16LE(at + 6) !== 0,
      address: Number(table.readBigUInt64LE(at + 8)),
      bytes: Number(table.readBigUInt64LE(at + 16)),
    };
  });
}

function neededBy(sections: readonly Section[], content: (section: Section) => Buffer): string[] {
  const dynamic = sections.find(({ name }) => name === '.dynamic');
  const names = dynamic === undefined ? undefined : sections[dynamic.link];
  if (dynamic === undefined || names === undefined) return [];
  const [table, text] = [content(dynamic), content(names)];
  const needed: string[] = [];
  for (let at = 0; at + 16 <= table.length; at += 16)
    if (table.readBigInt64LE(at) === neededTag) needed.push(textAt(text, Number(table.readBigUInt64LE(at + 8))));
  return needed;
}

function addressOf(segments: readonly Segment[], offset: number): number | undefined {
  const segment = segments.find(
    (candidate) =>
      candidate.type === loadedSegment && offset >= candidate.offset && offset < candidate.offset + candidate.bytes,
  );
  return segment === undefined ? undefined : offset - segment.offset + segment.address;
}

/** The last function that begins at or below an address and reaches to it. */
function functionAt(functions: readonly ElfSymbol[], address: number): string | undefined {
  let [low, high] = [0, functions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (functions[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  const found = functions[low - 1];
  return found !== undefined && address < found.address + Math.max(found.bytes, 1) ? found.name : undefined;
}

function textAt(buffer: Buffer, at: number): string {
  const end = buffer.indexOf(0, at);
  return buffer.toString('utf8', at, end < 0 ? buffer.length : end);
}
