import { dirname, relative } from 'node:path';
import { type Judged, judgeSubject, type PlateauSubject } from './judge-subject.js';
import type { PlateauOptions } from './plateau-options.js';

/** What a runner's `expect` knows of the test, as far as plateau uses it. */
export interface MatcherState {
  readonly isNot?: boolean;
  readonly currentTestName?: string | undefined;
  readonly testPath?: string | undefined;
  /** Of vitest. */
  readonly task?: { readonly timeout?: number } | undefined;
}

export interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/** `toPlateau` of one runner. */
export async function matchPlateau(
  subject: PlateauSubject,
  options: PlateauOptions | undefined,
  state: MatcherState,
  rerun: (test: { readonly file: string; readonly name: string }) => string,
): Promise<MatcherResult> {
  const { currentTestName = 'test', testPath, isNot = false, task } = state;
  const name = currentTestName.replaceAll(' > ', ' ');
  const judged = await judgeSubject(subject, options ?? {}, {
    name,
    directory: testPath === undefined ? undefined : dirname(testPath),
    rerun: testPath === undefined ? undefined : rerun({ file: relative(process.cwd(), testPath), name }),
    timeoutMs: task?.timeout,
    color: process.env.FORCE_COLOR !== undefined && process.env.FORCE_COLOR !== '0',
  });
  // Neither of the two may be taken for what was not shown.
  if (!judged.passes && !judged.fails) throw new Error(messageOf(judged, isNot));
  if (judged.passes && !isNot) statePass(judged);
  return { pass: judged.passes, message: () => messageOf(judged, isNot) };
}

/** The first words say what was expected, the report what was found. */
export function messageOf({ report }: Pick<Judged, 'report'>, isNot: boolean): string {
  return `expected the subject ${isNot ? 'not ' : ''}to level off\n\n${report.trimEnd()}\n`;
}

/** A pass is as good as the smallest leak that it would have found. */
export function statePass({ summary }: Judged): void {
  process.stderr.write(`plateau: ${summary}\n`);
}
