import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { htmlReport, jsonReport, type ReportContext, terminalReport, terminalSummary } from '../../reporters/index.js';
import { PlateauError } from '../model/errors.js';
import { storeError } from '../store/store-error.js';
import { suggestion } from './closest-names.js';
import type { CliContext } from './context.js';
import type { FinishedRun } from './finished-run.js';

interface Reporter {
  /** Every run at once as it finishes, or all of them at the end. */
  readonly when: 'run' | 'end';
  render(runs: readonly FinishedRun[], context: ReportContext): string;
}

const eachRun =
  (render: (run: FinishedRun, context: ReportContext) => string): Reporter['render'] =>
  (runs, context) =>
    runs.map((run) => render(run, context)).join('');

const reporters = {
  terminal: {
    when: 'run',
    render: eachRun(({ record, reportPath }, context) =>
      terminalReport(record, { ...context, ...(reportPath !== undefined && { reportPath }) }),
    ),
  },
  json: { when: 'run', render: eachRun(({ record }) => jsonReport(record)) },
  html: { when: 'end', render: eachRun(({ record, samples }, context) => htmlReport(record, samples, context)) },
} as const satisfies Record<string, Reporter>;

export type ReporterName = keyof typeof reporters;
export const reporterNames = Object.keys(reporters) as readonly ReporterName[];

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
      throw new PlateauError('PLATEAU_INVALID_OPTION', expected, {
        hint: suggestion(given, reporterNames, `${option} html=report.html`),
      });
    return file === undefined ? { name } : { name, file };
  };
}

/** Flags that say what is reported where. */
export interface ReportFlags {
  readonly json?: true;
  readonly reporter?: readonly ReporterRequest[];
}

/**
 * Reports runs as they finish: to stdout with the reporters that were asked for without a file (the terminal report
 * unless there is one), and to files, which are written anew after each run so that a later fault loses nothing.
 */
export class ReportSession {
  private readonly onStdout: readonly ReporterName[];
  private readonly files: readonly Required<ReporterRequest>[];
  private readonly finished: FinishedRun[] = [];

  /** @throws {PlateauError} `PLATEAU_INVALID_OPTION` when stdout would hold more than the record that `--json` promises */
  constructor(
    private readonly context: CliContext,
    { json, reporter = [] }: ReportFlags,
  ) {
    const named = reporter.filter(({ file }) => file === undefined).map(({ name }) => name);
    const others = named.filter((name) => name !== 'json');
    if (json && others.length > 0)
      throw new PlateauError(
        'PLATEAU_INVALID_OPTION',
        `--json: expected to be alone on stdout, got --reporter ${others[0]} beside it.`,
        { hint: `give the other a file: --reporter ${others[0]}=<file>` },
      );
    this.onStdout = json ? ['json'] : named.length > 0 ? [...new Set(named)] : ['terminal'];
    this.files = reporter.filter((request): request is Required<ReporterRequest> => request.file !== undefined);
  }

  /** @throws {PlateauError} `PLATEAU_STORE` when a file cannot be written */
  add(run: FinishedRun): void {
    const first = this.finished.length === 0;
    this.finished.push(run);
    for (const name of this.onStdout) {
      if (reporters[name].when !== 'run') continue;
      const gap = name === 'terminal' && !first ? '\n' : '';
      this.context.output.report.write(gap + this.render(name, [run], this.stdoutContext()));
    }
    for (const { name, file } of this.files) this.writeFile(file, this.render(name, this.finished, this.fileContext()));
  }

  end(): void {
    const { report } = this.context.output;
    for (const name of this.onStdout) {
      if (reporters[name].when === 'end') report.write(this.render(name, this.finished, this.stdoutContext()));
      if (name === 'terminal' && this.finished.length > 1)
        report.write(
          `\n${terminalSummary(
            this.finished.map(({ record }) => record),
            this.stdoutContext(),
          )}`,
        );
    }
  }

  private render(name: ReporterName, runs: readonly FinishedRun[], context: ReportContext): string {
    return reporters[name].render(runs, context);
  }

  private stdoutContext(): ReportContext {
    const { output, directory, verbose } = this.context;
    return { color: output.report.color, width: output.report.width, verbose, directory };
  }

  private fileContext(): ReportContext {
    return { directory: this.context.directory, verbose: this.context.verbose };
  }

  private writeFile(file: string, content: string): void {
    writeReportFile(resolve(this.context.directory, file), content);
  }
}

/** Renders one run. */
export function renderReport(name: ReporterName, run: FinishedRun, context: ReportContext): string {
  return reporters[name].render([run], context);
}

/** Writes a file that the user asked for; makes its directory. @throws {PlateauError} `PLATEAU_STORE` */
export function writeReportFile(path: string, content: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  } catch (error) {
    throw storeError('write', path, error);
  }
}
