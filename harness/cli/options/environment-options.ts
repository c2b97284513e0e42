import type { Command, Option } from 'commander';

type Environment = Readonly<Record<string, string | undefined>>;

/** `--no-until-decided` is `PLATEAU_NO_UNTIL_DECIDED`. */
function variableOf(long: string): string {
  return `PLATEAU_${long.slice(2).replaceAll('-', '_').toUpperCase()}`;
}

/**
 * The words of a call with those options added that variables set; what stands on the command line goes before them. An
 * empty variable sets nothing, and neither does `0` or `false` an option without a value.
 */
export function withEnvironment(program: Command, given: readonly string[], environment: Environment): string[] {
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  const words = given.slice(0, end);
  const options = calledCommands(program, words).flatMap((command) => command.options);
  const added = options.flatMap((option) => (isGiven(option, words) ? [] : wordOf(option, environment)));
  return [...words, ...added, ...given.slice(end)];
}

/** The program, the command that is called, and its subcommand; the program alone where none is. */
function calledCommands(program: Command, words: readonly string[]): Command[] {
  const called = [program];
  for (const word of words) {
    const { commands } = called.at(-1)!;
    const next = commands.find((command) => command.name() === word || command.aliases().includes(word));
    if (next !== undefined) called.push(next);
  }
  return called.length === 1 ? [] : called;
}

/** Itself, or what it turns off. */
function isGiven({ long, short, negate }: Option, words: readonly string[]): boolean {
  const positive = negate ? long?.replace('--no-', '--') : long;
  const names = [long, short, positive, positive?.replace('--', '--no-')];
  return words.some((word) => names.includes(word) || names.some((name) => name && word.startsWith(`${name}=`)));
}

function wordOf({ long, required, optional }: Option, environment: Environment): string[] {
  if (long === undefined || long === null || long === '--help' || long === '--version') return [];
  const value = environment[variableOf(long)];
  if (value === undefined || value === '') return [];
  if (required || optional) return [`${long}=${value}`];
  return /^(0|false)$/i.test(value) ? [] : [long];
}
