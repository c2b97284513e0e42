import { htmlReport } from '../../../reporters/index.js';
import { PlateauError, withHint } from '../../model/errors.js';
import type { StoredRun } from '../../model/run-log.js';
import type { RunRecord } from '../../model/run-record.js';
import type { SampleTable } from '../../model/sample.js';
import { thrownMessage } from '../../model/thrown.js';
import { sortedArtifacts } from '../../run/sorted-artifacts.js';
import { runFiles } from '../../store/run-layout.js';
import { writeReport, writeRunRecord } from '../../store/run-store.js';

/** A judged run, ready to be reported. */
export interface FinishedRun {
  readonly record: RunRecord;
  readonly samples: SampleTable;
  /** Of its `report.html`, where there is one. */
  readonly reportPath?: string;
  /** Its reports could not be written. */
  readonly isIncomplete?: true;
}

/** What of a command's context it takes to keep reports. */
interface ReportKeeper {
  readonly directory: string;
  readonly output: { readonly notes: { write(text: string): void } };
}

/**
 * Leaves `report.html` and `run.json` in the directory of a run that was judged.
 * A disk that takes neither does not undo the verdict: it is said on stderr.
 */
export function leaveReports(context: ReportKeeper, record: RunRecord, run: StoredRun): FinishedRun {
  const { directory, samples } = run;
  if (directory === undefined) return { record, samples };
  try {
    const reportPath = writeReport(directory, htmlReport(record, samples, { directory: context.directory }));
    const others = record.artifacts.filter(({ path }) => path !== runFiles.report);
    const artifacts = sortedArtifacts([...others, { kind: 'report', path: runFiles.report }]);
    const complete = { ...record, artifacts };
    writeRunRecord(directory, complete);
    return { record: complete, samples, reportPath };
  } catch (error) {
    const problem = error instanceof PlateauError ? withHint(error) : thrownMessage(error);
    context.output.notes.write(`The report could not be kept: ${problem}\n`);
    return { record, samples, isIncomplete: true };
  }
}
