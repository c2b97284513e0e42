import { ServiceError } from '../../../service/service-error.js';
import type { CompactionLocks } from '../compaction-locks.js';
import type { Partitions } from './partitions.js';

export interface CompactorParts {
  readonly locks: CompactionLocks;
  readonly partitions: Partitions;
  /** Whether a compaction that failed gives its lock back. */
  readonly releasesOnError: boolean;
}

const owner = `compactor-${process.pid}`;
const lockMs = 7_200_000;

/** Merges a partition, under its lock. @throws {ServiceError} 409 when somebody else is at it */
export async function compact(
  partition: string,
  { locks, partitions, releasesOnError }: CompactorParts,
): Promise<number> {
  if (!locks.acquireLock(partition, owner, lockMs)) throw new ServiceError(409, `partition ${partition}: locked`);
  try {
    const bytes = await partitions.merge(partition);
    locks.releaseLock(partition, owner);
    return bytes;
  } catch (error) {
    if (releasesOnError) locks.releaseLock(partition, owner);
    throw error;
  }
}
