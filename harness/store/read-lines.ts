import { createReadStream } from 'node:fs';

const chunkBytes = 1024 * 1024;
const lineBytesMax = 64 * 1024 * 1024;
const lineFeed = 0x0a;

/** How far a file was read: to the end of its last whole line. */
export interface LinesRead {
  readonly bytes: number;
  readonly lines: number;
}

/**
 * Calls `onLine` with every line of a UTF-8 file and its 1-based number, without holding more than one chunk.
 * @param onLine `terminated` is false for a last line without a line feed: a writer may have died in the middle of it
 * @param from where an earlier call came to, in a file that has been written on since
 * @throws the errors of the file system and of `onLine`
 */
export async function readLines(
  path: string,
  onLine: (line: string, number: number, terminated: boolean) => void,
  from: LinesRead = { bytes: 0, lines: 0 },
): Promise<LinesRead> {
  let { bytes, lines } = from;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { start: bytes, highWaterMark: chunkBytes })) {
    const data: Buffer = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    const whole = data.lastIndexOf(lineFeed) + 1;
    for (const line of whole === 0 ? [] : data.toString('utf8', 0, whole - 1).split('\n')) {
      lines += 1;
      onLine(line, lines, true);
    }
    bytes += whole;
    rest = data.subarray(whole);
    if (rest.length > lineBytesMax) throw new Error(`line ${lines + 1} is longer than ${lineBytesMax} bytes`);
  }
  if (rest.length > 0) onLine(rest.toString('utf8'), lines + 1, false);
  return { bytes, lines };
}
