import { requireModule } from '../../scenario/module-file.js';
import type { AddCommand, CliContext } from '../context.js';
import { addExportFlags } from '../export-flags.js';
import { repeated } from '../options.js';
import { isPathLike } from '../path-like.js';
import { reporterNames, reporterOption } from '../reporter-option.js';
import { addDefectFlag, addOutFlag, addRunFlags } from '../run-flags.js';
import type { RunCommandFlags } from '../run-scenarios.js';

const examples = `
Examples:
  $ plateau run branch-store/branches                          a scenario that comes with plateau
  $ plateau run branch-store/branches --defect commit-locks    the same with a leak planted
  $ plateau run ./checkout.scenario.ts --duration 30m          your own
  $ plateau run ./driver.mjs --budget heapUsed=64B --seed 41   a module of plain functions
  $ plateau run upload download --reporter junit=soak.xml      several, one after another, for CI
  $ plateau run ./driver.mjs --json | jq .verdict              the record alone on stdout`;

export const addRunCommand: AddCommand = (program, act) => {
  const command = program
    .command('run')
    .description('soak a scenario and judge it')
    .argument('<scenario...>', 'names that `plateau list` shows, or paths to modules')
    .option(
      '--config <file>',
      'configuration that knows further names (default: plateau.config.ts, where there is one)',
    );
  addExportFlags(addOutFlag(addRunFlags(addDefectFlag(command))))
    .option(
      '--reporter <name[=file]>',
      `${reporterNames.join(', ')}; repeatable; without a file it replaces the report on stdout`,
      repeated(reporterOption('--reporter')),
    )
    .option('--baseline <run|file>', 'growth that was there already is known: only what is new or worse fails')
    .option('--json', 'the run record alone on stdout, one line a scenario')
    .option('--quiet', 'no progress')
    .addHelpText('after', examples)
    .action(act(run));
};

/** A path that is wrong is reported before what soaks is loaded. */
async function run(context: CliContext, names: readonly string[], flags: RunCommandFlags): Promise<number> {
  for (const name of names) if (isPathLike(name)) requireModule(name);
  const { runScenarios } = await import('../run-scenarios.js');
  return runScenarios(context, names, flags);
}
