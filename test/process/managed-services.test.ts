import { describe, it } from 'vitest';
import * as go from '../fixtures/runtimes/go/cases.js';
import * as jvm from '../fixtures/runtimes/jvm/cases.js';
import { casesNamed, expectTruth, hasCommand } from '../support/managed-judgement.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.runIf(hasCommand('go'))('a service in Go', () => {
  const cases = [
    ...casesNamed(go.leakingCases, 'slice', 'body'),
    ...casesNamed(go.soundCases, 'pool'),
    ...go.casesWithC,
    ...go.cachesThatFill,
  ];
  it.each(cases)('$scenario.name', (trial) => expectTruth(trial, temporaryDirectory()));
});

describe.runIf(hasCommand('javac'))('a service in Java', () => {
  const cases = [...casesNamed(jvm.leakingCases, 'thread-local'), ...casesNamed(jvm.soundCases, 'cancelled-task')];
  it.each(cases)('$scenario.name', (trial) => expectTruth(trial, temporaryDirectory()));
});
