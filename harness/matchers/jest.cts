/** `expect(subject).toPlateau()` for Jest: list `plateau/jest` in `setupFilesAfterEnv`. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import type {} from 'expect';
import type { PlateauSubject } from './judge-subject.js' with { 'resolution-mode': 'import' };
import type * as matcher from './matcher.js' with { 'resolution-mode': 'import' };
import type { PlateauOptions } from './plateau-options.js' with { 'resolution-mode': 'import' };

interface PlateauMatchers<Result> {
  /** Soaks the subject, and fails unless its memory, handles and descriptors are shown to level off. */
  toPlateau(options?: PlateauOptions): Promise<Result>;
}

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends PlateauMatchers<R> {}
}

type Import = (url: string) => Promise<typeof matcher>;

/** The modules of plateau run outside of Jest's sandbox, which has module loaders and timers of its own. */
const importOutside = new vm.Script('(url) => import(url)', {
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext() as Import;

const matcherUrl = pathToFileURL(path.join(__dirname, 'matcher.js')).href;

interface Expect {
  extend(matchers: Record<string, (this: matcher.MatcherState, ...parameters: never[]) => Promise<unknown>>): void;
}

const { expect } = globalThis as unknown as { expect: Expect };

expect.extend({
  async toPlateau(subject: PlateauSubject, options?: PlateauOptions) {
    const { matchPlateau } = await importOutside(matcherUrl);
    return matchPlateau(subject, options, this, ({ file, name }) => `npx jest ${file} -t ${JSON.stringify(name)}`);
  },
});
