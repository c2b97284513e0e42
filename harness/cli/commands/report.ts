import { resolve } from 'node:path';
import { analyse } from '../../run/analyse-run.js';
import { loadRun, readRunRecord } from '../../store/load-run.js';
import type { AddCommand, CliContext } from '../context.js';
import { choiceOption } from '../options/options.js';
import { outputOption } from '../options/output-option.js';
import { type ReporterName, reporterNames } from '../options/reporter-option.js';
import { addOutFlag } from '../options/run-flags.js';
import { renderReport, writeReportFile } from '../reporting/reports.js';

const formats = reporterNames.filter((name) => name !== 'terminal');

interface Flags {
  readonly format: ReporterName;
  readonly output?: string;
  readonly out: string;
}

const examples = `
Examples:
  $ plateau report latest --format html --output report.html
  $ plateau report latest --format markdown >> "$GITHUB_STEP_SUMMARY"`;

export const addReportCommand: AddCommand = (program, act) => {
  const command = program
    .command('report')
    .description('a stored run in another form')
    .argument('<run>', 'an id, a unique prefix of one, latest, latest~1, or a path')
    .requiredOption('--format <name>', formats.join(', '), choiceOption('--format', formats))
    .option('--output <file>', 'write here (default: stdout)', outputOption('--output', 'report.html'));
  addOutFlag(command).addHelpText('after', examples).action(act(report));
};

async function report(context: CliContext, reference: string, { format, output, out }: Flags): Promise<number> {
  const run = await loadRun(reference, { outDirectory: out });
  const judged = run.directory === undefined ? undefined : await readRunRecord(run.directory);
  const record = judged ?? analyse(run);
  const text = renderReport(format, { record, samples: run.samples }, { directory: context.directory });
  if (output === undefined) context.output.report.write(text);
  else writeReportFile(resolve(context.directory, output), text);
  return 0;
}
