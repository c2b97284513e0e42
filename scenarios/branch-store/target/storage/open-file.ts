import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { type DefectName, planted } from '../defects.js';

const open = promisify(fs.open);
const close = promisify(fs.close);
const write = promisify(fs.write);
const read = promisify(fs.read);
const fsync = promisify(fs.fsync);
const fdatasync = promisify(fs.fdatasync);
const ftruncate = promisify(fs.ftruncate);

/** The places that open a file; each has its own mutant that does not close it. */
export type OpenSite =
  | 'segment-create'
  | 'segment-read'
  | 'segment-append'
  | 'snapshot'
  | 'snapshot-read'
  | 'export'
  | 'manifest'
  | 'manifest-read'
  | 'directory';

const mutants: Partial<Record<OpenSite, DefectName>> = {
  'segment-read': 'segment-read-handle',
  'segment-append': 'segment-append-handle',
  snapshot: 'snapshot-handle',
  export: 'export-handle',
  manifest: 'manifest-handle',
  directory: 'directory-handle',
};

/**
 * A file by its plain descriptor. Node closes a forgotten `FileHandle` when it is collected;
 * a forgotten descriptor stays open, as it does in most languages.
 */
export class OpenFile {
  readonly #fd: number;
  readonly #site: OpenSite;

  private constructor(fd: number, site: OpenSite) {
    this.#fd = fd;
    this.#site = site;
  }

  static async open(path: string, flags: string, site: OpenSite): Promise<OpenFile> {
    return new OpenFile(await open(path, flags, 0o600), site);
  }

  async append(bytes: Buffer): Promise<void> {
    let offset = 0;
    while (offset < bytes.length) {
      const { bytesWritten } = await write(this.#fd, bytes, offset, bytes.length - offset, null);
      offset += bytesWritten;
    }
  }

  /** The whole file, from its start. */
  async readAll(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (let position = 0; ; ) {
      const chunk = Buffer.allocUnsafe(64 * 1024);
      const { bytesRead } = await read(this.#fd, chunk, 0, chunk.length, position);
      if (bytesRead === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, bytesRead));
      position += bytesRead;
    }
  }

  truncate(bytes: number): Promise<void> {
    return ftruncate(this.#fd, bytes);
  }

  /** Data, and what is needed to read it back; timestamps may be lost. */
  syncData(): Promise<void> {
    return fdatasync(this.#fd);
  }

  sync(): Promise<void> {
    return fsync(this.#fd);
  }

  async close(): Promise<void> {
    const mutant = mutants[this.#site];
    if (mutant !== undefined && planted(mutant)) return;
    await close(this.#fd);
  }
}

/** Makes created, renamed and removed entries of a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await OpenFile.open(path, 'r', 'directory');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

export async function readFileAt(path: string, site: OpenSite): Promise<Buffer> {
  const file = await OpenFile.open(path, 'r', site);
  try {
    return await file.readAll();
  } finally {
    await file.close();
  }
}
