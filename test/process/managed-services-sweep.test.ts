import { describe, it } from 'vitest';
import * as go from '../fixtures/runtimes/go/cases.js';
import * as jvm from '../fixtures/runtimes/jvm/cases.js';
import { expectTruth, hasCommand } from '../support/managed-judgement.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.runIf(hasCommand('go'))('every service in Go', () => {
  it.each([...go.leakingCases, ...go.soundCases])('$scenario.name', (trial) =>
    expectTruth(trial, temporaryDirectory()),
  );
});

describe.runIf(hasCommand('javac'))('every service in Java', () => {
  it.each([...jvm.leakingCases, ...jvm.soundCases])('$scenario.name', (trial) =>
    expectTruth(trial, temporaryDirectory()),
  );
});
