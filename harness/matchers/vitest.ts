/** `expect(subject).toPlateau()` for vitest: list `plateau/vitest` in `setupFiles`. */
import { expect } from 'vitest';
import type { PlateauSubject } from './judge-subject.js';
import { matchPlateau } from './matcher.js';
import type { PlateauOptions } from './plateau-options.js';

export type { PlateauSubject } from './judge-subject.js';
export type { PlateauOptions } from './plateau-options.js';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: an interface is merged with one of the same type parameters only
  interface Matchers<T = any> {
    /** Soaks the subject, and fails unless its memory, handles and descriptors are shown to level off. */
    toPlateau(options?: PlateauOptions): Promise<void>;
  }
}

expect.extend({
  toPlateau(subject: unknown, options?: PlateauOptions) {
    const state = { ...this, isNot: this.isNot };
    return matchPlateau(
      subject as PlateauSubject,
      options,
      state,
      ({ file, name }) => `npx vitest run ${file} -t ${JSON.stringify(name)}`,
    );
  },
});
