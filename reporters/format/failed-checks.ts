import type { RunRecord } from '../../harness/model/run-record.js';

/** Checks of the run that failed, without those whose reason a warning gives: a reader sees each reason once. */
export function failedChecks({ audit, warnings }: RunRecord): RunRecord['audit'] {
  return audit.filter(({ ok, detail }) => !ok && !warnings.some((warning) => warning.includes(detail)));
}
