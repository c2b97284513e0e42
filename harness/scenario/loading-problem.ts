import { execFile } from 'node:child_process';
import { PlateauError } from '../model/errors.js';
import { isOwnFrame } from '../platform/own-code.js';

/** Frames of Node, of the TypeScript compiler and of what has called plateau: like plateau's own, they say nothing of the user's module. */
const foreignFrame = /^\s+at .*(?:\bnode:|[/\\]node_modules[/\\](?:tsx|esbuild|commander)[/\\])/;
const checkTimeoutMs = 10_000;

/**
 * Why a module of the user's did not load: the error, with the place in the user's own code.
 * @param stack of the error, from this process or from the target
 */
export async function loadingProblem(file: string, stack: string): Promise<string> {
  if (/^SyntaxError\b/.test(stack)) return (await syntaxProblem(file)) ?? ownFrames(stack);
  return ownFrames(stack).replace(/^(?:Transform)?Error: Transform failed with \d+ errors?:\n/, 'a syntax error:\n');
}

/** Of a module; a connection to something far away takes less. */
export const loadingTimeoutMs = 30_000;

/** A module that is still loading after that time, in either kind of process. */
export const endlessProblem = `one that has not loaded after ${loadingTimeoutMs / 1_000} s: a top-level \`await\` or a loop in it does not end`;

/** What is thrown for a module that does not load, in either kind of process. */
export function moduleError(
  code: 'PLATEAU_INVALID_SCENARIO' | 'PLATEAU_INVALID_CONFIGURATION',
  subject: string,
  problem: string,
  cause: unknown,
): PlateauError {
  const [, missing] = missingPackage.exec(problem) ?? [];
  const hint = missing === undefined ? 'correct the module, and run again' : `npm install ${missing}`;
  return new PlateauError(code, `${subject}: expected a module that loads, got\n${problem}`, { hint, cause });
}

/** As Node names one that is not installed, without a path in it. */
const missingPackage = /Cannot find (?:package|module) '((?:@[^/']+\/)?[^./@'][^/']*)/;

function ownFrames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !foreignFrame.test(line) && !(/^\s+at /.test(line) && isOwnFrame(line)))
    .join('\n');
}

/** Node names the place of a syntax error only where it ends the process: `node --check` does, and runs nothing. */
function syntaxProblem(file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], { timeout: checkTimeoutMs }, (error, _stdout, stderr) => {
      const [, problem] = /^([\s\S]*?\nSyntaxError: .*)$/m.exec(stderr) ?? [];
      resolve(error === null ? undefined : problem);
    });
  });
}
