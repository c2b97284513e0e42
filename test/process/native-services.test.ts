import { afterAll, describe, it } from 'vitest';
import { nativeCases } from '../fixtures/runtimes/native/cases.js';
import { expectTruth } from '../support/native-judgement.js';
import { buildNativeService } from '../support/native-services.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** One of each kind; every other one is in the sweep. */
const chosen = [
  'malloc-32',
  'map-entry',
  'detached-thread',
  'unjoined-thread',
  'joined-threads',
  'bounded-cache',
  'sessions',
  'lock-per-branch',
  'lock-removed',
];

describe.each(['c', 'cpp', 'rust'] as const)('a service in %s', (language) => {
  const program = buildNativeService(language, temporaryDirectory(afterAll));
  const cases = nativeCases.filter((trial) => trial.language === language && chosen.includes(trial.behaviour));
  it.each(cases)('$behaviour', (trial) => expectTruth(program, trial, temporaryDirectory()));
});
