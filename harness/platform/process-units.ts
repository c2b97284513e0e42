import { readProcFile } from './process-stat.js';

/** In what `/proc` counts. */
export interface ProcessUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

const pageSizeKey = 6;
const clockTicksKey = 17;
const architecturesOf32Bits = new Set<string>(['arm', 'ia32', 'mips', 'mipsel']);

let known: ProcessUnits | undefined;

/** Page size and clock tick as the kernel reported this process when it started (getauxval(3)). */
export function processUnits(): ProcessUnits {
  known ??= parseAuxiliaryVector(readProcFile('/proc/self/auxv') ?? Buffer.alloc(0), process.arch);
  return known;
}

/** What every 64-bit Linux on amd64 uses stands in for what the vector does not show. */
export function parseAuxiliaryVector(bytes: Buffer, architecture: string): ProcessUnits {
  const wordBytes = architecturesOf32Bits.has(architecture) ? 4 : 8;
  const values = new Map<number, number>();
  for (let position = 0; position + 2 * wordBytes <= bytes.length; position += 2 * wordBytes) {
    values.set(readWord(bytes, position, wordBytes), readWord(bytes, position + wordBytes, wordBytes));
  }
  return { pageBytes: values.get(pageSizeKey) ?? 4096, ticksPerSecond: values.get(clockTicksKey) ?? 100 };
}

/** Pointers among the words lose precision, the sizes that are asked for do not. */
function readWord(bytes: Buffer, position: number, wordBytes: 4 | 8): number {
  const low = bytes.readUInt32LE(position);
  return wordBytes === 4 ? low : low + bytes.readUInt32LE(position + 4) * 2 ** 32;
}
