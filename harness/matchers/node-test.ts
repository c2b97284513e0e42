/** `assertPlateau(subject)` for node:test, which has no `expect`, and for any other runner. */
import { AssertionError } from 'node:assert';
import { relative } from 'node:path';
import type { RunRecord } from '../model/run-record.js';
import { shellWords } from '../model/shell-words.js';
import { judgeSubject, type PlateauSubject } from './judge-subject.js';
import { messageOf, statePass } from './matcher.js';
import type { PlateauOptions } from './plateau-options.js';

export type { PlateauSubject } from './judge-subject.js';
export type { PlateauOptions } from './plateau-options.js';

/**
 * Soaks the subject. A function is called in this process, a module or a scenario has a process of its own.
 * @returns the run's record, with the smallest leak that would have been found
 * @throws {AssertionError} unless its memory, handles and descriptors are shown to level off
 * @throws {PlateauError} for a subject or an option that is none
 */
export async function assertPlateau(
  subject: PlateauSubject,
  options: PlateauOptions & { readonly name?: string } = {},
): Promise<RunRecord> {
  const { name = typeof subject === 'function' && subject.name !== '' ? subject.name : 'test' } = options;
  const judged = await judgeSubject(subject, options, { name, color: false, rerun: ownCommand() });
  if (!judged.passes)
    throw new AssertionError({
      message: messageOf(judged, false),
      actual: judged.record.verdict,
      expected: 'plateau',
      operator: 'assertPlateau',
      stackStartFn: assertPlateau,
    });
  statePass(judged);
  return judged.record;
}

/** The command that runs this test file again: `node --test` gives each file a process of its own. */
function ownCommand(): string {
  const { argv, execArgv, env } = process;
  const [script = '', ...words] = argv.slice(1);
  const byRunner = env.NODE_TEST_CONTEXT === undefined ? [] : ['--test'];
  return shellWords(['node', ...execArgv, ...byRunner, relative(process.cwd(), script), ...words]);
}
