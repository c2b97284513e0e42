import type { Command } from 'commander';
import { invalidOption, PlateauError } from '../../model/errors.js';
import { suggestion } from './closest-names.js';
import { repeated } from './options.js';
import { outputOption } from './output-option.js';

/** In the order in which help shows them. */
export const reporterNames = [
  'terminal',
  'json',
  'summary',
  'html',
  'junit',
  'markdown',
  'csv',
  'sarif',
  'codequality',
  'heapprofile',
  'pprof',
] as const;
export type ReporterName = (typeof reporterNames)[number];

/** `--json=summary` is the summary in place of the report, as `--json` is the record. */
export function withSummaryReporter(words: readonly string[]): string[] {
  return words.map((word) => (word === '--json=summary' ? '--reporter=summary' : word));
}

/** A reporter, and the file it writes; without one it writes to stdout. */
export interface ReporterRequest<Name extends string = ReporterName> {
  readonly name: Name;
  readonly file?: string;
}

/**
 * `html=report.html`, `json`.
 * @param subject an option, or a place in a configuration
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`, `PLATEAU_INVALID_CONFIGURATION`
 */
export function readReporter<Name extends string>(
  subject: string,
  text: string,
  names: readonly Name[],
): ReporterRequest<Name> {
  const [, given = text, file] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const name = names.find((known) => known === given);
  if (name !== undefined && file !== '') return file === undefined ? { name } : { name, file };
  const isOption = subject.startsWith('--');
  const example = `${isOption ? `${subject} ` : ''}markdown=report.md`;
  throw new PlateauError(
    isOption ? 'PLATEAU_INVALID_OPTION' : 'PLATEAU_INVALID_CONFIGURATION',
    `${subject}: expected one of ${names.join(', ')}, with =<file> or without, got "${text}".`,
    { hint: suggestion(given, names, example) },
  );
}

/** A file is checked before the work that is reported in it. */
export function reporterOption<Name extends string>(
  option: string,
  names: readonly Name[],
): (text: string) => ReporterRequest<Name> {
  return (text) => {
    const { name, file } = readReporter(option, text, names);
    return file === undefined ? { name } : { name, file: outputOption(`${option} ${name}=`, `report.${name}`)(file) };
  };
}

export function addReporterFlag(
  command: Command,
  names: readonly string[],
  otherwise = 'replaces the report on stdout',
) {
  return command.option(
    '--reporter <name[=file]>',
    `${names.join(', ')}; repeatable; without a file it ${otherwise}`,
    repeated(reporterOption('--reporter', names)),
  );
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` where stdout is to hold JSON and something else */
export function requireJsonAlone(json: true | undefined, reporters: readonly ReporterRequest<string>[]): void {
  const beside = reporters.find(({ name, file }) => file === undefined && name !== 'json');
  if (!json || beside === undefined) return;
  const { name } = beside;
  throw invalidOption(
    `--json: expected to be alone on stdout, got --reporter ${name} beside it.`,
    `--reporter ${name}=<file>`,
  );
}

/** Flags that say what is reported where. */
export interface ReportFlags {
  readonly json?: true;
  readonly reporter?: readonly ReporterRequest[];
}
