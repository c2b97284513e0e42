import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  codeQualityReport,
  isInSarif,
  pullRequestAnnotations,
  pullRequestJunit,
  pullRequestMarkdown,
  sarifReport,
} from '../../../reporters/index.js';
import { isNews, type PullRequestResult } from '../../model/pull-request.js';
import type { RunRecord } from '../../model/run-record.js';
import type { CliContext } from '../context.js';
import { writeReportFile } from '../reporting/reports.js';

/** Files that a change is reported in. */
export interface OutputFlags {
  readonly comment?: string;
  readonly sarif?: string;
  readonly codeQuality?: string;
  readonly junit?: string;
}

/** Writes what was asked for, and what the CI system takes by itself: job summary, annotations, outputs of the step. */
export function writeOutputs(context: CliContext, result: PullRequestResult, flags: OutputFlags, root: string): void {
  const { directory, environment, output } = context;
  const workspace = environment.GITHUB_WORKSPACE ?? environment.CI_PROJECT_DIR ?? root;
  const text = pullRequestMarkdown(result, workspace);
  const write = (file: string | undefined, content: () => string) =>
    file === undefined ? undefined : writeReportFile(resolve(directory, file), content());
  write(flags.comment, () => text);
  write(flags.sarif, () => sarifReport(recordsOf(result), workspace));
  write(flags.codeQuality, () => codeQualityReport(recordsOf(result), workspace));
  write(flags.junit, () => pullRequestJunit(result));
  output.report.write(text);
  if (environment.GITHUB_ACTIONS === 'true') output.notes.write(pullRequestAnnotations(result, workspace));
  append(context, environment.GITHUB_STEP_SUMMARY, `${text}\n`);
  append(context, environment.GITHUB_OUTPUT, `news=${result.scenarios.some(isNews)}\n`);
  if (flags.sarif !== undefined && recordsOf(result).some(isInSarif))
    append(context, environment.GITHUB_OUTPUT, `sarif=${resolve(directory, flags.sarif)}\n`);
}

function recordsOf({ scenarios }: PullRequestResult): RunRecord[] {
  return scenarios.flatMap((change) => ('after' in change ? [change.after] : []));
}

function append({ output }: CliContext, file: string | undefined, text: string): void {
  if (file === undefined || file === '') return;
  try {
    appendFileSync(file, text);
  } catch (error) {
    output.notes.write(`${file} could not be written: ${(error as Error).message}\n`);
  }
}
