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
import { invalidOption } from '../../model/errors.js';
import type { CliContext } from '../context.js';
import { suggestion } from '../options/closest-names.js';
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

interface Request {
  readonly name: ComparisonReporterName;
  readonly file?: string;
}

/** Flags that say where a comparison is reported. */
export interface ComparisonReportFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly reporter?: readonly Request[];
}

/** `html=fix.html`, `markdown`. */
export function comparisonReporterOption(option: string): (text: string) => Request {
  return (text) => {
    const [, given = text, file] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const name = comparisonReporterNames.find((known) => known === given);
    if (name !== undefined && file !== '') return file === undefined ? { name } : { name, file };
    throw invalidOption(
      `${option}: expected one of ${comparisonReporterNames.join(', ')}, with =<file> or without, got "${text}".`,
      suggestion(given, comparisonReporterNames, `${option} html=comparison.html`),
    );
  };
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
  const { output, directory, verbose } = context;
  const { json, quiet, reporter = [] } = flags;
  const named = [...new Set(reporter.filter(({ file }) => file === undefined).map(({ name }) => name))];
  const beside = named.find((name) => name !== 'json');
  if (json && beside !== undefined)
    throw invalidOption(
      `--json: expected to be alone on stdout, got --reporter ${beside} beside it.`,
      `--reporter ${beside}=<file>`,
    );
  for (const { name, file } of reporter)
    if (file !== undefined)
      writeReportFile(resolve(directory, file), reporters[name](finished, { directory, verbose }));
  const wanted: readonly ComparisonReporterName[] = json
    ? ['json']
    : named.length > 0
      ? named
      : quiet
        ? []
        : ['terminal'];
  const shown = { color: output.report.color, width: output.report.width, verbose, directory };
  for (const name of wanted) output.report.write(reporters[name](finished, shown));
}
