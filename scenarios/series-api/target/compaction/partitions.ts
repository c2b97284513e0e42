import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Points of one partition: segments as they came in, and what they were merged into. */
export class Partitions {
  readonly #directory: string;
  readonly #unfinished: string;
  readonly #removesUnfinished: boolean;

  /** @param options.removesUnfinished whether a merge that failed takes its file with it */
  constructor(directory: string, { removesUnfinished }: { removesUnfinished: boolean }) {
    this.#directory = directory;
    this.#unfinished = join(directory, '.unfinished');
    this.#removesUnfinished = removesUnfinished;
  }

  async addSegment(partition: string, points: string): Promise<void> {
    const directory = join(this.#directory, partition);
    await mkdir(directory, { recursive: true });
    const number = (await readdir(directory)).length;
    await writeFile(join(directory, `${number}.segment`), points);
  }

  /**
   * Merges the segments into one file, which is there whole or not at all.
   * @returns its size in bytes
   */
  async merge(partition: string): Promise<number> {
    const directory = join(this.#directory, partition);
    const segments = (await readdir(directory)).filter((name) => name.endsWith('.segment'));
    const points = await Promise.all(segments.map((name) => readFile(join(directory, name))));
    const merged = Buffer.concat(points);
    await this.#writeWhole(join(directory, 'merged'), join(this.#unfinished, partition), merged);
    await Promise.all(segments.map((name) => rm(join(directory, name))));
    return merged.length;
  }

  async remove(partition: string): Promise<void> {
    await rm(join(this.#directory, partition), { recursive: true, force: true });
  }

  async #writeWhole(path: string, unfinished: string, bytes: Buffer): Promise<void> {
    await mkdir(this.#unfinished, { recursive: true });
    try {
      await using file = await open(unfinished, 'w');
      await file.writeFile(bytes);
      await file.sync();
      await rename(unfinished, path);
    } catch (error) {
      if (this.#removesUnfinished) await rm(unfinished, { force: true });
      throw error;
    }
  }
}
