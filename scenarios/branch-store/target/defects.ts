/** Defects that can be planted, each a marked switch: find its place with `planted('<name>')`. */
export const defectNames = [
  'commit-locks',
  'fixed-racy',
  'deleting-unmarked',
  'version-chains',
  'gc-on-demand',
  'gc-keeps-tombstones',
  'long-reader',
  'retention-ignored',
  'ttl-not-swept',
  'search-postings',
  'vector-backends',
  'collection-backends',
  'slab-no-free-list',
  'replay-appends',
  'pool-no-cap',
  'stale-write-modes',
  'session-orphans',
  'wal-handles',
  'segment-read-handle',
  'segment-append-handle',
  'dropped-writer-handle',
  'snapshot-handle',
  'export-handle',
  'manifest-handle',
  'directory-handle',
  'rename-failure-temp',
] as const;

export type DefectName = (typeof defectNames)[number];

let active: ReadonlySet<DefectName> = new Set();

/** Plants these and no others. */
export function plant(defects: ReadonlySet<DefectName>): void {
  active = defects;
}

/** Whether the service shall misbehave here; a sound service answers `false` everywhere. */
export function planted(name: DefectName): boolean {
  return active.has(name);
}
