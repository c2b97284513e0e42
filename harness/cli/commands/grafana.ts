import { resolve } from 'node:path';
import { grafanaDashboard } from '../../export/grafana-dashboard.js';
import type { AddCommand, CliContext } from '../context.js';
import { outputOption } from '../options/output-option.js';
import { writeReportFile } from '../reporting/reports.js';

interface Flags {
  readonly output?: string;
}

const examples = `
Examples:
  $ plateau grafana --output plateau-dashboard.json    import it in Grafana, or provision it
  $ plateau run ./driver.mjs --metrics-port 9464       what it draws`;

export const addGrafanaCommand: AddCommand = (program, act) => {
  program
    .command('grafana')
    .description('a Grafana dashboard of what `plateau run --metrics-port` and `--otlp` export')
    .option('--output <file>', 'write here (default: stdout)', outputOption('--output', 'dashboard.json'))
    .addHelpText('after', examples)
    .action(act(grafana));
};

function grafana(context: CliContext, { output }: Flags): number {
  const text = `${JSON.stringify(grafanaDashboard(), undefined, 2)}\n`;
  if (output === undefined) context.output.report.write(text);
  else writeReportFile(resolve(context.directory, output), text);
  return 0;
}
