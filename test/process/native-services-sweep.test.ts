import { afterAll, describe, it } from 'vitest';
import { nativeCases } from '../fixtures/runtimes/native/cases.js';
import { expectTruth } from '../support/native-judgement.js';
import { buildNativeService } from '../support/native-services.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.each(['c', 'cpp', 'rust'] as const)('every service in %s', (language) => {
  const program = buildNativeService(language, temporaryDirectory(afterAll));
  const cases = nativeCases.filter((trial) => trial.language === language);
  it.each(cases)('$behaviour', (trial) => expectTruth(program, trial, temporaryDirectory()));
});
