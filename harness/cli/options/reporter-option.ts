import { invalidOption } from '../../model/errors.js';
import { suggestion } from './closest-names.js';
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
export interface ReporterRequest {
  readonly name: ReporterName;
  readonly file?: string;
}

/** `html=report.html`, `json`. */
export function reporterOption(option: string): (text: string) => ReporterRequest {
  return (text) => {
    const [, given = text, file] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const name = reporterNames.find((known) => known === given);
    const expected = `${option}: expected one of ${reporterNames.join(', ')}, with =<file> or without, got "${text}".`;
    if (name === undefined || file === '')
      throw invalidOption(expected, suggestion(given, reporterNames, `${option} html=report.html`));
    return file === undefined ? { name } : { name, file: outputOption(`${option} ${name}=`, `report.${name}`)(file) };
  };
}

/** Flags that say what is reported where. */
export interface ReportFlags {
  readonly json?: true;
  readonly reporter?: readonly ReporterRequest[];
}
