import { describe, it } from 'vitest';
import { leakingCases, soundCases } from '../fixtures/runtimes/python/cases.js';
import { expectTruth, hasPython } from '../support/python-judgement.js';

describe.runIf(hasPython)('every service in Python', () => {
  it.each([...leakingCases, ...soundCases])('$name', (subject) => expectTruth(subject));
});
