import { defineConfig } from 'vitest/config';

/** Sweeps over many real processes, each of which needs cores of its own: `npm run test:long`. */
const longTests = [
  'test/process/attribution{,-large-heap,-servers}.test.ts',
  'test/process/{backlogs,bisect-sweep,cleanroom,counted-early,dockerfile,error-path-sweep,error-paths,fleet-strangers,kept-for-a-time,kept-for-a-time-sweep,library-clock,managed-services-sweep,native-services-sweep,nights-killed,python-services-sweep,scraped-series,shrink-sweep,soaks-itself,stores-sweep}.test.ts',
];

/** Whole soaks, nights and comparisons of real services, some minutes in all: `npm run test:soak`. */
const soakTests = [
  'test/cli/{compare,configured-names,conventions,init,matchers,matchers-killed,mcp,nightly,nightly-killed,pull-request,pull-request-action,readme,readme-nights,run,run-interrupted,scenario-client,shrink}.test.ts',
  'test/process/{ab,attached-node,attribution-untouched,bisect,bounded-holders,rust-services,child-processes,expiring-holders,faults,fleet,history,jvm-attach,managed-services,mesh,metrics-export,native-addon,native-services,node-behind,peak-memory,python-native,python-services,readiness,run-ended-early,run-scenario,schema-kernel,spinning,stalled,staying-connections,stores,virtual-time,wasm-memory,worker-threads}.test.ts',
];

/** Tests with real processes use the package as users do: built. */
const builtPackage = {
  globalSetup: ['test/support/build-package.ts'],
  // A machine that is shared can starve a process under test; what passes only then is shown as retried.
  retry: process.env.CI === undefined ? 0 : 2,
  // The slowest takes half a minute on two quiet cores, and ten times that where eight other processes want them.
  testTimeout: 300_000,
  hookTimeout: 300_000,
};

export default defineConfig({
  test: {
    pool: 'forks',
    // Two cores: more workers would only make processes under test wait for each other.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'source',
          include: ['test/{unit,property,accuracy,fuzz}/**/*.test.ts'],
          // Modules are loaded once a worker, not once a file: 54 s of CPU time instead of 127 s.
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/{process,cli,browser}/**/*.test.ts', 'test/*.test.ts'],
          exclude: [...longTests, ...soakTests],
          ...builtPackage,
        },
      },
      {
        // `npm run test:fuzz`: the same fuzzers with many inputs.
        test: {
          name: 'fuzz',
          include: ['test/fuzz/**/*.test.ts'],
          env: { FUZZ_INPUTS: '10000' },
          testTimeout: 3_600_000,
        },
      },
      {
        // `npm run test:campaign`: bad days, one at a time, with their table in test/reliability/RESULTS.md.
        test: {
          name: 'campaign',
          include: ['test/reliability/*.test.ts'],
          fileParallelism: false,
          ...builtPackage,
          retry: 0,
        },
      },
      {
        test: { name: 'soak', include: soakTests, ...builtPackage },
      },
      {
        test: { name: 'long', include: longTests, ...builtPackage },
      },
    ],
  },
});
