import open from 'open';
import { thrownMessage } from '../../model/thrown.js';
import type { CliContext } from '../context.js';

/** Shows a report in the user's browser; where there is none, the path of the report has been shown already. */
export async function openReport({ output }: Pick<CliContext, 'output'>, path: string): Promise<void> {
  try {
    const browser = await open(path);
    browser.on('error', () => undefined);
  } catch (error) {
    output.notes.write(`The report could not be opened: ${thrownMessage(error)}\n`);
  }
}
