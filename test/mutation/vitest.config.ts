import { defineConfig } from 'vitest/config';

/** The tests that hold the decision code: those which judge, without a process. */
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/unit/analyse/**/*.test.ts', 'test/property/analyse.test.ts'],
    isolate: false,
    testTimeout: 30_000,
  },
});
