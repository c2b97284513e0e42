import { writeAtomic } from './atomic-write.js';
import { readFileAt } from './open-file.js';

/** Where recovery begins. */
export interface Manifest {
  readonly formatVersion: 1;
  /** File name of the snapshot to load first; absent before the first checkpoint. */
  readonly snapshot?: string;
  /** The oldest segment that holds records which the snapshot lacks. */
  readonly firstSegment: number;
}

export function persistManifest(path: string, manifest: Manifest): Promise<void> {
  return writeAtomic(path, [Buffer.from(JSON.stringify(manifest))], 'manifest');
}

/** `undefined` when there is none. */
export async function loadManifest(path: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse((await readFileAt(path, 'manifest-read')).toString());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
