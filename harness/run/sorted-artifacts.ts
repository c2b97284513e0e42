import type { RunRecord } from '../model/run-record.js';

/** Artifacts by path, so that a record does not show when which file was written. */
export function sortedArtifacts(artifacts: RunRecord['artifacts']): RunRecord['artifacts'] {
  return artifacts.toSorted((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
}
