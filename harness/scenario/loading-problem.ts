import { execFile } from 'node:child_process';
import { PlateauError } from '../model/errors.js';

/** Frames of Node, of the TypeScript compiler and of plateau itself, which say nothing of the user's module. */
const foreignFrame = /^\s+at .*(?:\bnode:|[/\\]node_modules[/\\](?:tsx|esbuild)[/\\])/;
const checkTimeoutMs = 10_000;

/**
 * Why a module of the user's did not load: the error, with the place in the user's own code.
 * @param stack of the error, from this process or from the target
 */
export async function loadingProblem(file: string, stack: string): Promise<string> {
  if (/^SyntaxError\b/.test(stack)) return (await syntaxProblem(file)) ?? ownFrames(stack);
  return ownFrames(stack).replace(/^(?:Transform)?Error: Transform failed with \d+ errors?:\n/, 'a syntax error:\n');
}

/** What is thrown for a module that does not load, in either kind of process. */
export async function moduleError(
  code: 'PLATEAU_INVALID_SCENARIO' | 'PLATEAU_INVALID_CONFIGURATION',
  subject: string,
  { file, stack, cause }: { readonly file: string; readonly stack: string; readonly cause: unknown },
): Promise<PlateauError> {
  const problem = await loadingProblem(file, stack);
  return new PlateauError(code, `${subject}: expected a module that loads, got\n${problem}`, { cause });
}

/** Stack of whatever was thrown. */
export function stackOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

function ownFrames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !foreignFrame.test(line))
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
