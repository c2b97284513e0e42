import { resolve } from 'node:path';
import { intervalText } from '../../../reporters/format/interval.js';
import { alignColumns } from '../../../reporters/format/layout.js';
import { printable } from '../../../reporters/format/printable.js';
import { styleFor } from '../../../reporters/format/style.js';
import { baselineEntryOf } from '../../analyse/findings/baseline.js';
import { type Baseline, baselineKey } from '../../model/baseline.js';
import { PlateauError } from '../../model/errors.js';
import type { RunRecord } from '../../model/run-record.js';
import { recordOf } from '../../run/load-baseline.js';
import { defaultBaselineFile, readBaseline, withEntry, writeBaseline } from '../../store/baseline-file.js';
import type { AddCommand, CliContext } from '../context.js';
import { knownMetrics, updateText } from '../options/baseline-update.js';
import { outputOption } from '../options/output-option.js';
import { addOutFlag } from '../options/run-flags.js';

interface UpdateFlags {
  readonly output: string;
  readonly out: string;
}

const examples = `
Examples:
  $ plateau baseline update latest                      what leaks in the last run is known from now on
  $ plateau run ./driver.mjs --baseline ${defaultBaselineFile}
  $ plateau baseline show`;

export const addBaselineCommand: AddCommand = (program, act) => {
  const baseline = program
    .command('baseline')
    .description('known growth, in a file fit for version control')
    .addHelpText('after', examples);
  const update = baseline
    .command('update')
    .description("put a stored run's growth into the file, in place of what it said of that scenario")
    .argument('<run>', 'an id, a unique prefix of one, latest, a run directory, or an exported run.json')
    .option('--output <file>', 'the file to write', outputOption('--output', defaultBaselineFile), defaultBaselineFile);
  addOutFlag(update).action(act(updateBaseline));
  baseline
    .command('show')
    .description('what a baseline file says')
    .argument('[file]', 'the file to read', defaultBaselineFile)
    .option('--json', 'as JSON on stdout')
    .action(act(showBaseline));
};

/** Ends of runs that say nothing lasting of their target. */
const unfit: ReadonlySet<RunRecord['verdict']> = new Set(['crashed', 'interrupted', 'stalled']);

async function updateBaseline(context: CliContext, reference: string, { output, out }: UpdateFlags): Promise<number> {
  const record = await recordOf(reference, resolve(context.directory, out));
  if (unfit.has(record.verdict) || record.findings.length === 0)
    throw new PlateauError(
      'PLATEAU_INVALID_RUN',
      `run ${record.id}: expected a run that was driven to its end, got one that ended as ${record.verdict}: ${record.reason}.`,
      { hint: 'record the scenario again, then update the baseline with that run' },
    );
  const path = resolve(context.directory, output);
  const before = readBaseline(path);
  const key = baselineKey(record.scenario, record.defects);
  const entry = baselineEntryOf(record);
  writeBaseline(path, withEntry(before, key, entry));
  context.output.report.write(updateText(record, { file: output, key, before: before?.scenarios[key], after: entry }));
  return 0;
}

function showBaseline(context: CliContext, file: string, { json }: { readonly json?: true }): number {
  const baseline = readBaseline(resolve(context.directory, file));
  if (baseline === undefined)
    throw new PlateauError('PLATEAU_INVALID_BASELINE', `${file}: expected a baseline file, got no file.`, {
      hint: `write it with plateau baseline update <run>${file === defaultBaselineFile ? '' : ` --output ${file}`}`,
    });
  const { report } = context.output;
  report.write(json ? `${JSON.stringify(baseline)}\n` : shownText(baseline, report.color));
  return 0;
}

function shownText({ scenarios }: Baseline, color: boolean): string {
  const style = styleFor(color);
  const blocks = Object.entries(scenarios).map(([key, entry]) => {
    const { run, cycles, environment, metrics } = entry;
    const known = knownMetrics(entry);
    const rows = known.map((metric) => {
      const { slope, low, high, unit, verdict } = metrics[metric]!;
      return [`  · ${printable(metric, 60)}`, intervalText({ estimate: slope, low, high, unit }), verdict];
    });
    const within = Object.keys(metrics).length - known.length;
    return [
      style.bold(printable(key)),
      style.dim(
        `  run ${run} · ${cycles.toLocaleString('en-US')} cycles · Node ${environment.node} · plateau ${environment.plateau}`,
      ),
      ...alignColumns(rows),
      `  ${known.length === 0 ? 'nothing is known to grow' : `${known.length} known`}; ${within} ${within === 1 ? 'metric' : 'metrics'} within budget`,
    ].join('\n');
  });
  return `${blocks.length === 0 ? 'the baseline is empty: any growth fails' : blocks.join('\n\n')}\n`;
}
