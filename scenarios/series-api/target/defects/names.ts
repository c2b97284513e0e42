/** What can be planted with `--defect`. */
export const defectNames = [
  'unclosed-on-error',
  'with-only',
  'gc-only',
  'unreleased-lock',
  'stray-merge-file',
  'kept-instances',
  'blocking-wait',
  'short-blocking-wait',
  'kept-tickets',
  'unreturned-connections',
  'no-back-off',
  'unbounded-probe',
  'fixed-estimate',
  'first-rows-estimate',
  'unbounded-token-cache',
  'token-cache-without-revocation',
  'aborted-start',
  'exit-on-failed-start',
] as const;

export type DefectName = (typeof defectNames)[number];
export type Defects = ReadonlySet<DefectName>;
