import tab from '@bomb.sh/tab/commander';
import { builtInScenarios } from '../../../scenarios/index.js';
import { clientFaults } from '../../model/fault.js';
import type { AddCommand } from '../context.js';
import { reporterNames } from '../options/reporter-option.js';

type Suggestion = readonly [value: string, description: string];

const plain = (values: readonly string[]): readonly Suggestion[] => values.map((value) => [value, '']);

/** What may follow options whose values are read by functions of their own. */
const optionValues: Readonly<Record<string, readonly Suggestion[]>> = {
  attribution: plain(['off', 'on-leak', 'always']),
  fault: plain(Object.keys(clientFaults)),
  faults: plain(['all']),
  format: plain(reporterNames),
  reporter: plain(reporterNames),
};
const runs: readonly Suggestion[] = [
  ['latest', 'the last run'],
  ['latest~1', 'the run of the same scenario before it'],
];

/** What is known by the time that the shell asks. */
function suggesting(values: readonly Suggestion[]) {
  return (complete: (...suggestion: Suggestion) => void): void => {
    for (const value of values) complete(...value);
  };
}

/** Added when all other commands are there: it completes their names, options and values. */
export const addCompletionCommand: AddCommand = (program) => {
  const root = tab(program, { completionCommandName: 'completion' });
  const commandNamed = (name: string) => program.commands.find((command) => command.name() === name)!;
  commandNamed('completion')
    .summary('completion for a shell')
    .description('print what a shell needs to complete commands, options, scenarios and runs')
    .addHelpText(
      'after',
      `
Examples:
  $ source <(plateau completion bash)                                        in ~/.bashrc
  $ source <(plateau completion zsh)                                         in ~/.zshrc
  $ plateau completion fish > ~/.config/fish/completions/plateau.fish`,
    );
  const scenarios: Suggestion[] = [];
  // The shell's question: only then are the names of scenarios worth loading them.
  commandNamed('complete').hook('preAction', async () => {
    for (const { name, summary = '' } of await builtInScenarios()) scenarios.push([name, summary]);
  });
  for (const command of root.commands.values()) {
    for (const [name, values] of Object.entries(optionValues)) {
      const option = command.options.get(name);
      if (option !== undefined) option.handler = suggesting(values);
    }
    for (const [name, argument] of command.arguments) {
      const values = name === 'scenario' ? scenarios : ['run', 'before', 'after'].includes(name) ? runs : undefined;
      if (values !== undefined) argument.handler = suggesting(values);
    }
  }
};
