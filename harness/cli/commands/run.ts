import { requireModule } from '../../scenario/module-file.js';
import type { AddCommand, CliContext } from '../context.js';
import { isPathLike } from '../options/path-like.js';
import { addDefectFlag } from '../options/run-flags.js';
import { addSoakFlags } from '../options/soak-flags.js';
import type { RunCommandFlags } from '../suite/run-scenarios.js';

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
  addSoakFlags(addDefectFlag(command)).addHelpText('after', examples).action(act(run));
};

/** A path that is wrong is reported before what soaks is loaded. */
async function run(context: CliContext, names: readonly string[], flags: RunCommandFlags): Promise<number> {
  for (const name of names) if (isPathLike(name)) requireModule(name);
  const { runScenarios } = await import('../suite/run-scenarios.js');
  return runScenarios(context, names, flags);
}
