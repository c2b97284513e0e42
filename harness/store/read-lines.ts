import { createReadStream } from 'node:fs';

const chunkBytes = 1024 * 1024;
const lineLengthMax = 64 * 1024 * 1024;

/**
 * Calls `onLine` with every line of a UTF-8 file and its 1-based number, without holding more than one chunk.
 * @param onLine `terminated` is false for a last line without a line feed: a writer may have died in the middle of it
 * @throws the errors of the file system and of `onLine`
 */
export async function readLines(
  path: string,
  onLine: (line: string, number: number, terminated: boolean) => void,
): Promise<void> {
  let rest = '';
  let number = 0;
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: chunkBytes })) {
    const text = rest + chunk;
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      number += 1;
      onLine(text.slice(from, to), number, true);
      from = to + 1;
    }
    rest = text.slice(from);
    if (rest.length > lineLengthMax) throw new Error(`line ${number + 1} is longer than ${lineLengthMax} characters`);
  }
  if (rest !== '') onLine(rest, number + 1, false);
}
