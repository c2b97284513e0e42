import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  codeQualityReport,
  githubAnnotations,
  nightCsvReport,
  nightJunitReport,
  nightMarkdownReport,
  nightReport,
  type ReportContext,
  sarifReport,
} from '../../../reporters/index.js';
import type { NightReporter } from '../../model/configuration.js';
import type { FinishedNight } from '../../run/nightly/finish-night.js';
import { type CliContext, shownOn } from '../context.js';
import { type ReporterRequest, readReporter } from '../options/reporter-option.js';
import { writeReportFile } from '../reporting/reports.js';

type Render = (night: FinishedNight, context: ReportContext) => string;

const reporters = {
  terminal: ({ record }, context) => nightReport(record, context),
  json: ({ record }) => `${JSON.stringify(record)}\n`,
  junit: ({ record, runs }) => nightJunitReport(record, runs),
  markdown: ({ record }, context) => nightMarkdownReport(record, context),
  csv: ({ record }) => nightCsvReport(record),
  sarif: ({ runs }, { directory = '' }) => sarifReport(runs, directory),
  codequality: ({ runs }, { directory = '' }) => codeQualityReport(runs, directory),
} as const satisfies Record<string, Render>;

type NightReporterName = keyof typeof reporters;
export const nightReporterNames = Object.keys(reporters) as readonly NightReporterName[];

export type NightReporterRequest = ReporterRequest<NightReporterName>;

/** A reporter of the configuration: `junit=night.xml`, or the same in two fields. */
export function configuredReporter(wanted: NightReporter, place: string): NightReporterRequest {
  const text =
    typeof wanted === 'string' ? wanted : [wanted.name, wanted.file].filter((part) => part !== undefined).join('=');
  return readReporter(place, text, nightReporterNames);
}

/** Writes every report that was asked for: files relative to where they were asked for, the rest to stdout. */
export function writeNightReports(
  context: CliContext,
  night: FinishedNight,
  requests: readonly (NightReporterRequest & { readonly directory: string })[],
): void {
  const { output, directory, verbose } = context;
  for (const { name, file, directory: base } of requests)
    if (file !== undefined) writeReportFile(resolve(base, file), reporters[name](night, { directory, verbose }));
  const onStdout = requests.filter(({ file }) => file === undefined).map(({ name }) => name);
  for (const name of onStdout.length > 0 ? [...new Set(onStdout)] : (['terminal'] as const))
    output.report.write(reporters[name](night, shownOn(context)));
}

/** GitHub takes a summary of at most 1 MiB a step. */
const summaryBytes = 1_000_000;

/** On GitHub: annotations at the lines of suspects, and a summary of the job. */
export function reportToGithub({ environment, output, directory }: CliContext, { record }: FinishedNight): void {
  const workspace = environment.GITHUB_WORKSPACE ?? directory;
  // Commands are read from either stream; stdout belongs to the report.
  if (environment.GITHUB_ACTIONS === 'true') output.notes.write(githubAnnotations(record, workspace));
  const summary = environment.GITHUB_STEP_SUMMARY ?? '';
  if (summary === '') return;
  try {
    appendFileSync(summary, `${nightMarkdownReport(record, { directory: workspace })}\n`.slice(0, summaryBytes));
  } catch (error) {
    output.notes.write(`The job summary could not be written: ${(error as Error).message}\n`);
  }
}
