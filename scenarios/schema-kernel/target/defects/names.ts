/** What can be planted with `--defect`; each is a file beside this one. */
export const defectNames = [
  'documents-per-call',
  'documents-per-miss',
  'remove-schema',
  'metaschema-per-schema',
  'unbounded-cache',
  'evict-arbitrary',
  'evict-deadlock',
  'unregister-noop',
  'evicting-registry',
] as const;

export type DefectName = (typeof defectNames)[number];
