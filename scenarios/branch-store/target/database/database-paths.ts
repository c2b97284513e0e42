import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a database keeps its files: all in a directory of its own, but its manifest beside those of the others. */
export class DatabasePaths {
  readonly directory: string;
  readonly manifest: string;
  readonly segments: string;
  readonly snapshots: string;
  readonly exports: string;

  constructor(dataDirectory: string, name: string) {
    this.directory = join(dataDirectory, 'databases', name);
    this.manifest = join(manifestDirectory(dataDirectory), `${name}${manifestSuffix}`);
    this.segments = join(this.directory, 'wal');
    this.snapshots = join(this.directory, 'snapshots');
    this.exports = join(this.directory, 'exports');
  }

  async create(): Promise<void> {
    for (const path of [this.segments, this.snapshots, this.exports])
      await mkdir(path, { recursive: true, mode: 0o700 });
  }

  areUnused(): Promise<boolean> {
    return access(this.directory).then(
      () => false,
      () => true,
    );
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

export const manifestSuffix = '.manifest';

export function manifestDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'manifests');
}
