import { basename } from 'node:path';
import { portOf } from '../../model/address.js';
import { invalidOption } from '../../model/errors.js';
import type { Readiness, TargetDefinition } from '../../model/scenario.js';
import { readPackage } from '../init/find-server.js';
import { readShellWords } from '../options/shell-words.js';

/** Node options that take their value as a word of its own. */
const nodeOptionsWithValue = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
]);
const scriptName = /\.[cm]?[jt]sx?$/;
const runners = new Set(['node', 'nodejs', 'tsx']);
/** They start what is installed in the project. */
const packageRunners = new Set(['npm', 'npx', 'pnpm', 'yarn']);
/** Scripts that call scripts: one that calls itself has no end. */
const nestedMax = 5;
/** What follows them is set in the environment of the program. */
const environmentSetters = new Set(['env', 'cross-env']);

/**
 * The target that a command line starts. A Node script is started with the agent; what another command starts is looked into
 * once it is ready. Where no port is known, the command is given a free one in the variable PORT and in place of `{port}`.
 * @param origin of the requests, where they name one
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`
 */
export function startedTarget(line: string, directory: string, origin: string | undefined): TargetDefinition {
  const { words, env } = commandBehind(readShellWords(line), directory);
  const [program] = words;
  if (program === undefined)
    throw invalidOption(`--start: expected a command, got "${line}".`, '--start "node server.js"');
  const port = origin === undefined ? undefined : portOf(origin);
  const ready: { ready?: Readiness } = port === undefined ? {} : { ready: readyAt(port, origin) };
  const variables = port === undefined ? env : { PORT: String(port), ...env };
  const script = nodeScript(words);
  if (script !== undefined) return { ...script, ...nonEmpty(variables), ...ready };
  const takesPort = port !== undefined || JSON.stringify([words, env]).includes('{port}');
  return {
    command: words as [string, ...string[]],
    ...nonEmpty(takesPort ? variables : { PORT: '{port}', ...env }),
    ...ready,
  };
}

/**
 * What a started target is called: its script, the package that npx starts, the file that an interpreter is given, or the
 * program. What follows is data: `json-server db.json`.
 */
export function nameOfStarted(target: TargetDefinition): string | undefined {
  if ('script' in target) return basename(String(target.script));
  if (!('command' in target)) return undefined;
  const [program, ...rest] = target.command;
  const words = rest.filter((word) => !word.startsWith('-'));
  if (packageRunners.has(program)) return words.find((word) => word !== 'exec' && word !== 'run') ?? program;
  return basename(words.find((word) => /\.\w+$/.test(word)) ?? program);
}

function nonEmpty(env: Readonly<Record<string, string>>): { env?: Readonly<Record<string, string>> } {
  return Object.keys(env).length === 0 ? {} : { env };
}

function readyAt(port: number, origin = ''): Readiness {
  return origin.startsWith('https:') ? { port, secure: true } : { port };
}

interface Command {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What stands between plateau and a Node script is left out: assignments, npm and its like, which only start it. */
function commandBehind(line: readonly string[], directory: string, depth = 0): Command {
  const { words, env } = withoutAssignments(line);
  const script = scriptBehind(words, directory, depth);
  return script === undefined ? { words, env } : { words: script.words, env: { ...env, ...script.env } };
}

/** `PORT=3000 node server.js`, `cross-env PORT=3000 node server.js`: what stands before the program is its environment. */
function withoutAssignments(all: readonly string[]): Command {
  const hasSetter = environmentSetters.has(all[0] ?? '') && assignment(all[1]) !== undefined;
  const words = hasSetter ? all.slice(1) : [...all];
  const env: Record<string, string> = {};
  for (let match = assignment(words[0]); match !== undefined; match = assignment(words[0])) {
    env[match.name] = match.value;
    words.shift();
  }
  return { words, env };
}

function assignment(word: string | undefined): { name: string; value: string } | undefined {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word ?? '') ?? [];
  return name === undefined || value === undefined ? undefined : { name, value };
}

function nodeScript(words: readonly string[]) {
  const isRunner = runners.has(basename(words[0]!));
  let at = isRunner ? 1 : 0;
  while (isRunner && words[at]?.startsWith('-')) at += nodeOptionsWithValue.has(words[at]!) ? 2 : 1;
  const script = words[at];
  if (script === undefined || !scriptName.test(script)) return undefined;
  const nodeArguments = isRunner ? words.slice(1, at) : [];
  const rest = words.slice(at + 1);
  return {
    script,
    ...(rest.length > 0 && { arguments: rest }),
    ...(nodeArguments.length > 0 && { nodeArguments }),
  };
}

/**
 * The Node script that npm or one of its like starts: an installed `tsx` with its script, or a script of the package that is one
 * command.
 * @returns undefined where it starts something else
 */
function scriptBehind(
  [program = '', ...rest]: readonly string[],
  directory: string,
  depth: number,
): Command | undefined {
  if (!packageRunners.has(program) || depth > nestedMax) return undefined;
  const command = program === 'npx' || rest[0] === 'exec' ? undefined : packageScript(rest, directory);
  if (command === undefined) {
    const installed = rest.slice(rest.findIndex((word) => word !== 'exec' && !word.startsWith('-')));
    return isNodeScript(installed) ? { words: installed, env: {} } : undefined;
  }
  if (/[&|;<>$`]/.test(command)) return undefined;
  const { words, env } = commandBehind(readShellWords(command), directory, depth + 1);
  const passed = rest.slice(rest[0] === 'run' ? 2 : 1).filter((word) => word !== '--');
  return isNodeScript(words) ? { words: [...words, ...passed], env } : undefined;
}

/** The command that `npm run start` and `npm start` call. */
function packageScript(given: readonly string[], directory: string): string | undefined {
  const name = given[0] === 'run' ? given[1] : given[0];
  const command = readPackage(directory)?.scripts?.[name ?? ''];
  return typeof command === 'string' ? command : undefined;
}

function isNodeScript(words: readonly string[]): boolean {
  return runners.has(basename(words[0] ?? '')) && nodeScript(words) !== undefined;
}
