import { writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import {
  codeQualityReport,
  csvReport,
  heapProfileReport,
  htmlReport,
  jsonReport,
  junitReport,
  markdownReport,
  pprofReport,
  type ReportContext,
  runSummary,
  sarifReport,
  screenJson,
  terminalReport,
  terminalSummary,
} from '../../../reporters/index.js';
import { invalidOption } from '../../model/errors.js';
import { makeDirectory } from '../../store/make-directory.js';
import { storeError } from '../../store/store-error.js';
import { type CliContext, shownOn } from '../context.js';
import {
  type ReporterName,
  type ReporterRequest,
  type ReportFlags,
  requireJsonAlone,
} from '../options/reporter-option.js';
import type { FinishedRun } from './finished-run.js';

interface Reporter {
  /**
   * - `stream`: each run as it finishes
   * - `together`: all runs at the end
   * - `apart`: a run a file, since two of them make no file of that kind
   */
  readonly form: 'stream' | 'together' | 'apart';
  render(runs: readonly FinishedRun[], context: ReportContext): ReportContent;
}

/** Bytes where the form is no text. */
type ReportContent = string | Uint8Array;

const eachRun =
  (render: (run: FinishedRun, context: ReportContext) => string, between = '') =>
  (runs: readonly FinishedRun[], context: ReportContext) =>
    runs.map((run) => render(run, context)).join(between);

const terminal = eachRun(
  ({ record, reportPath }, context) =>
    terminalReport(record, { ...context, ...(reportPath !== undefined && { reportPath }) }),
  '\n',
);

const recordsOf = (runs: readonly FinishedRun[]) => runs.map(({ record }) => record);

const reporters = {
  terminal: { form: 'stream', render: terminal },
  json: { form: 'stream', render: eachRun(({ record }) => jsonReport(record)) },
  summary: {
    form: 'stream',
    render: eachRun(({ record }, { directory }) => screenJson(runSummary(record, directory))),
  },
  html: { form: 'apart', render: eachRun(({ record, samples }, context) => htmlReport(record, samples, context)) },
  junit: { form: 'together', render: (runs) => junitReport(runs.map(({ record }) => record)) },
  markdown: { form: 'together', render: eachRun(({ record }, context) => markdownReport(record, context), '\n') },
  csv: { form: 'apart', render: eachRun(({ record, samples }) => csvReport(record, samples)) },
  sarif: { form: 'together', render: (runs, { directory = '' }) => sarifReport(recordsOf(runs), directory) },
  codequality: {
    form: 'together',
    render: (runs, { directory = '' }) => codeQualityReport(recordsOf(runs), directory),
  },
  heapprofile: { form: 'apart', render: eachRun(({ record }) => heapProfileReport(record)) },
  pprof: { form: 'apart', render: ([run]) => (run === undefined ? '' : pprofReport(run.record)) },
} as const satisfies Record<ReporterName, Reporter>;

/**
 * Reports runs as they finish: to stdout with the reporters that were asked for without a file (the terminal report
 * unless there is one), and to files, which are written anew after each run so that a later fault loses nothing.
 */
export class ReportSession {
  private readonly onStdout: readonly ReporterName[];
  private readonly files: readonly Required<ReporterRequest>[];
  private readonly finished: FinishedRun[] = [];

  /**
   * @param runs how many there will be
   * @throws {PlateauError} `PLATEAU_INVALID_OPTION` when stdout cannot hold what was asked for
   */
  constructor(
    private readonly context: CliContext,
    { json, reporter = [] }: ReportFlags,
    private readonly runs = 1,
  ) {
    const named = reporter.filter(({ file }) => file === undefined).map(({ name }) => name);
    requireJsonAlone(json, reporter);
    const apart = named.find((name) => reporters[name].form === 'apart');
    if (apart !== undefined && runs > 1)
      throw invalidOption(
        `--reporter: expected one scenario on stdout as ${apart}, got ${runs} scenarios.`,
        `--reporter ${apart}=<file>`,
      );
    this.onStdout = json ? ['json'] : named.length > 0 ? [...new Set(named)] : ['terminal'];
    this.files = reporter.filter((request): request is Required<ReporterRequest> => request.file !== undefined);
    const paths = this.files.map(({ file }) => resolve(context.directory, file));
    const twice = this.files.find(({ file }, index) => paths.indexOf(resolve(context.directory, file)) < index);
    if (twice !== undefined)
      throw invalidOption(
        `--reporter: expected a file of its own for each, got ${twice.file} twice.`,
        `--reporter ${twice.name}=<another file>`,
      );
  }

  /** @throws {PlateauError} `PLATEAU_STORE` when a file cannot be written */
  add(run: FinishedRun): void {
    this.finished.push(run);
    for (const name of this.onStdout) {
      if (reporters[name].form !== 'stream') continue;
      const gap = name === 'terminal' && this.finished.length > 1 ? '\n' : '';
      if (gap !== '') this.context.output.report.write(gap);
      this.context.output.report.write(this.render(name, [run], shownOn(this.context)));
    }
    for (const { name, file } of this.files) {
      const apart = reporters[name].form === 'apart';
      const path = resolve(this.context.directory, apart ? this.fileOfRun(file, run) : file);
      writeReportFile(path, this.render(name, apart ? [run] : this.finished, this.fileContext()));
    }
  }

  end(): void {
    const { report } = this.context.output;
    for (const name of this.onStdout) {
      if (reporters[name].form !== 'stream') report.write(this.render(name, this.finished, shownOn(this.context)));
      if (name === 'terminal' && this.finished.length > 1)
        report.write(
          `\n${terminalSummary(
            this.finished.map(({ record }) => record),
            shownOn(this.context),
          )}`,
        );
    }
  }

  /** Of several runs each gets a file with its scenario's name in it: `soak.html` -> `soak-mesh-peers.html`. */
  private fileOfRun(file: string, { record }: FinishedRun): string {
    if (this.runs === 1) return file;
    const same = this.finished.filter((other) => other.record.scenario === record.scenario).length;
    const name = record.scenario.replaceAll(/[^\w.-]+/g, '-') + (same > 1 ? `-${same}` : '');
    const extension = extname(file);
    return `${file.slice(0, file.length - extension.length)}-${name}${extension}`;
  }

  private render(name: ReporterName, runs: readonly FinishedRun[], context: ReportContext): ReportContent {
    return reporters[name].render(runs, context);
  }

  private fileContext(): ReportContext {
    return { directory: this.context.directory, verbose: this.context.verbose };
  }
}

/** Renders one run. */
export function renderReport(name: ReporterName, run: FinishedRun, context: ReportContext): ReportContent {
  return reporters[name].render([run], context);
}

/** Writes a file that the user asked for; makes its directory. @throws {PlateauError} `PLATEAU_STORE` */
export function writeReportFile(path: string, content: ReportContent): void {
  try {
    makeDirectory(dirname(resolve(path)), 0o777);
    writeFileSync(path, content);
  } catch (error) {
    throw storeError('write', path, error);
  }
}
