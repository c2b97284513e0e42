import { resolve } from 'node:path';
import {
  type ComparisonSamples,
  comparisonHtml,
  comparisonJson,
  comparisonMarkdown,
  comparisonSummary,
  type ReportContext,
  screenJson,
  terminalComparison,
} from '../../../reporters/index.js';
import type { Comparison } from '../../model/comparison.js';
import { type CliContext, shownOn } from '../context.js';
import { type ReporterRequest, requireJsonAlone } from '../options/reporter-option.js';
import { writeReportFile } from './reports.js';

/** A comparison with the samples that its curves are drawn from. */
export interface FinishedComparison {
  readonly comparison: Comparison;
  readonly samples?: ComparisonSamples;
}

const reporters = {
  terminal: ({ comparison }, context) => terminalComparison(comparison, context),
  html: ({ comparison, samples }) => comparisonHtml(comparison, samples),
  json: ({ comparison }) => comparisonJson(comparison),
  summary: ({ comparison }) => screenJson(comparisonSummary(comparison)),
  markdown: ({ comparison }) => comparisonMarkdown(comparison),
} as const satisfies Record<string, (finished: FinishedComparison, context: ReportContext) => string>;

export type ComparisonReporterName = keyof typeof reporters;
export const comparisonReporterNames = Object.keys(reporters) as readonly ComparisonReporterName[];

/** Flags that say where a comparison is reported. */
export interface ComparisonReportFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly reporter?: readonly ReporterRequest<ComparisonReporterName>[];
}

/**
 * Writes the files that were asked for, and stdout with the others: the terminal report unless something else was.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` when stdout cannot hold what was asked for, `PLATEAU_STORE`
 */
export function reportComparison(
  context: CliContext,
  finished: FinishedComparison,
  flags: ComparisonReportFlags,
): void {
  const { directory, verbose } = context;
  const { json, quiet, reporter = [] } = flags;
  requireJsonAlone(json, reporter);
  const named = [...new Set(reporter.filter(({ file }) => file === undefined).map(({ name }) => name))];
  for (const { name, file } of reporter)
    if (file !== undefined)
      writeReportFile(resolve(directory, file), reporters[name](finished, { directory, verbose }));
  const usual: readonly ComparisonReporterName[] = quiet ? [] : ['terminal'];
  const wanted = json ? (['json'] as const) : named.length > 0 ? named : usual;
  for (const name of wanted) context.output.report.write(reporters[name](finished, shownOn(context)));
}
