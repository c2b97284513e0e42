/** What can be planted with `--defect`. */
export const defectNames = [
  'container-guard-detached',
  'health-guard-detached',
  'resource-guard-detached',
  'session-guard-detached',
  'fix-that-hangs',
  'fix-that-does-nothing',
  'stop-unverified',
  'throw-before-registration',
  'exit-drops-cleanups',
  'crash-drops-cleanups',
  'sigterm-drops-cleanups',
  'monitor-abort-lags',
  'monitors-never-cleared',
  'environment-retained',
  'metrics-loop-survives',
  'coverage-kept',
  'artifacts-kept',
  'emergency-stops-only',
  'emergency-ignores-run',
  'lock-order',
  'untracked-executor',
] as const;

export type DefectName = (typeof defectNames)[number];
