import type { RunRecord } from '../../harness/model/run-record.js';
import { codeAlerts } from './code-alerts.js';

const severities = { error: 'critical', warning: 'major', note: 'info' } as const;
/** GitLab refuses an entry without a file. */
const fallbackFile = 'package.json';

/** Runs as a Code Quality report of GitLab. @param workspace root of the checked-out repository */
export function codeQualityReport(records: readonly RunRecord[], workspace: string): string {
  const entries = codeAlerts(records, workspace).map(({ rule, level, message, fingerprint, place }) => ({
    description: message,
    check_name: `plateau/${rule}`,
    fingerprint,
    severity: severities[level],
    location: { path: place?.file ?? fallbackFile, lines: { begin: place?.line ?? 1 } },
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}
