import type { Command } from 'commander';
import { invalidOption } from '../model/errors.js';
import { closestNames } from './options/closest-names.js';

/** In place of commander's own, which shows the usage of everything for a name that it does not know. */
export function addHelpCommand(group: Command): void {
  const path = group.parent === null ? 'plateau help' : `plateau help ${group.name()}`;
  group
    .helpCommand(false)
    .command('help')
    .argument('[command...]')
    .description('display help for command')
    .action((names: readonly string[]) => namedCommand(group, names, path).help());
}

function namedCommand(group: Command, names: readonly string[], path: string): Command {
  const [name, ...rest] = names;
  if (name === undefined) return group;
  const found = group.commands.find((command) => command.name() === name || command.aliases().includes(name));
  if (found !== undefined) return namedCommand(found, rest, `${path} ${found.name()}`);
  const known = group.commands.map((command) => command.name());
  const meant = closestNames(name, known).map((close) => `${path} ${close}`);
  throw invalidOption(
    `${path}: expected ${known.length === 0 ? 'nothing more' : 'a command'}, got "${name}".`,
    meant.join(' or ') || path,
  );
}
