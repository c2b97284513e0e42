import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { terminalReport } from '../../reporters/index.js';
import { sensitivity } from '../../reporters/sensitivity.js';
import { PlateauError } from '../model/errors.js';
import type { RunRecord } from '../model/run-record.js';
import { runFiles, runsDirectory } from '../store/run-layout.js';
import type { JudgeAnswer } from './judge-protocol.js';

const width = 100;

export interface ShownRun {
  readonly outDirectory: string;
  readonly color: boolean;
}

/** Waits for a run and says what a matcher shows of it. A run that passed does not stay on disk. */
export async function answerOf(run: () => Promise<RunRecord>, { outDirectory, color }: ShownRun): Promise<JudgeAnswer> {
  try {
    const record = await run();
    const directory = join(runsDirectory(outDirectory), record.id);
    if (record.verdict === 'plateau') rmSync(directory, { recursive: true, force: true });
    const log = record.targetOutput?.log === undefined ? {} : { reportPath: join(directory, runFiles.report) };
    const report = terminalReport(record, { width, color, directory: process.cwd(), ...log });
    return { record, report, floor: sensitivity(record) };
  } catch (error) {
    if (!(error instanceof PlateauError)) throw error;
    return { error: { message: error.message, hint: error.hint } };
  }
}
