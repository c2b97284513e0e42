import { CommanderError } from 'commander';
import { inert, printable } from '../../../reporters/format/printable.js';
import { PlateauError } from '../../model/errors.js';
import { faultExitCode, usageExitCode } from '../../model/exit-codes.js';
import { thrownMessage, thrownStack } from '../../model/thrown.js';
import { closestNames } from '../options/closest-names.js';

export interface DescribedError {
  /** Lines for stderr, ending in a line feed; empty when everything was said already. */
  readonly text: string;
  readonly exitCode: number;
  /** Not raised on purpose: the stack belongs into a log. */
  readonly unexpected: boolean;
}

export interface ErrorContext {
  readonly verbose: boolean;
  /** The command that was called, where one was. */
  readonly command?: string;
}

/** What the user sees of an error: subject, expected, got; one thing to do; the code. */
export function describeError(error: unknown, { verbose, command }: ErrorContext): DescribedError {
  if (error instanceof CommanderError) return describeUsage(error, command);
  if (error instanceof PlateauError) {
    const hint = error.hint === undefined ? [] : [`Try: ${error.hint}`];
    const said = error.lastLines.map((line) => `    ${printable(line, 500)}`);
    const printed = said.length === 0 ? [] : ['The target printed last:', ...said];
    const stack = verbose ? [stackOf(error)] : [];
    return {
      text: lines([shownMessage(error.message), ...printed, ...hint, error.code, ...stack]),
      exitCode: error.exitCode,
      unexpected: false,
    };
  }
  const message = thrownMessage(error);
  const remedy = remedies[(error as NodeJS.ErrnoException | undefined)?.code ?? ''];
  const hint = remedy === undefined ? [] : [`Try: ${remedy}`];
  const stack = verbose ? [stackOf(error)] : [];
  return {
    text: lines([`plateau failed: ${shownMessage(message.split('\n', 1)[0] ?? '')}`, ...hint, ...stack]),
    exitCode: faultExitCode,
    unexpected: true,
  };
}

/** By the code of the system's error. */
const remedies: Readonly<Record<string, string>> = {
  EMFILE: 'a higher limit of open files, e.g. ulimit -n 4096',
  ENFILE: 'a higher limit of open files of the machine (fs.file-max)',
  ENOSPC: 'free some room on the disk',
};

/** Longer lines hold what a file or a target wrote, not what plateau says of it. */
const lineLengthMax = 1_000;

/** A message may quote what strangers wrote: no character of it acts on a terminal. */
function shownMessage(message: string): string {
  return message
    .split('\n')
    .map((line) => /^ */.exec(line)![0] + inert(line.trimStart(), lineLengthMax))
    .join('\n');
}

/** Stack of an error and of what caused it. */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return thrownStack(error);
  const cause = error.cause === undefined ? '' : `\ncaused by: ${stackOf(error.cause)}`;
  return `${thrownStack(error)}${cause}`;
}

/** Help and version were asked for; everything else is a command line that cannot be understood. */
function describeUsage({ message, exitCode, code }: CommanderError, command: string | undefined): DescribedError {
  if (exitCode === 0) return { text: '', exitCode: 0, unexpected: false };
  // Commander has shown the help, of the program or of a command that needs another one.
  if (code === 'commander.help') {
    const problem = [`plateau ${command}: expected one of its commands, got none.`, `Try: plateau help ${command}`];
    const text = command === undefined ? '' : lines([...problem, 'PLATEAU_INVALID_OPTION']);
    return { text, exitCode: usageExitCode, unexpected: false };
  }
  const [problem = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const [, proposed] = /^\(Did you mean (.*)\?\)$/.exec(rest.join(' ')) ?? [];
  const [, wanted = ''] = /'(.*)'/.exec(problem) ?? [];
  const unknownCommand = code === 'commander.unknownCommand';
  const group = command === undefined || (unknownCommand && command === wanted) ? '' : ` ${command}`;
  const [closest] = closestNames(wanted, proposed?.replace(/^one of /, '').split(', ') ?? []);
  const hint = closest === undefined ? `plateau help${group}` : unknownCommand ? `plateau${group} ${closest}` : closest;
  return {
    text: lines([`${capitalised(problem)}.`.replace(/\.\.$/, '.'), `Try: ${hint}`, 'PLATEAU_INVALID_OPTION']),
    exitCode: usageExitCode,
    unexpected: false,
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
