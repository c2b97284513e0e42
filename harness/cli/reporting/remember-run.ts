import { PlateauError, withHint } from '../../model/errors.js';
import type { StoredRun } from '../../model/run-log.js';
import type { RunRecord } from '../../model/run-record.js';
import { thrownMessage } from '../../model/thrown.js';
import { addToHistory } from '../../run/nightly/keep-history.js';

/**
 * Adds a judged run to the history. A history that cannot be written does not change the verdict: stderr says so.
 * @returns whether it was written
 */
export async function rememberRun(
  { output }: { readonly output: { readonly notes: { write(text: string): void } } },
  outDirectory: string,
  run: StoredRun,
  record: RunRecord,
): Promise<boolean> {
  try {
    await addToHistory(outDirectory, run, record);
    return true;
  } catch (error) {
    const problem = error instanceof PlateauError ? withHint(error) : thrownMessage(error);
    output.notes.write(`The run is not in the history: ${problem}\n`);
    return false;
  }
}
