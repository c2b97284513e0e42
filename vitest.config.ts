import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests with real processes use the package as users do: built.
    globalSetup: ['test/support/build-package.ts'],
    pool: 'forks',
    // Two cores: more workers would only make processes under test wait for each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
});
