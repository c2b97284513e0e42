import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { giveBack, take } from './client/ask.js';

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/temp-files',
  summary: 'a coverage profile of 4 KiB, and three artifacts in a directory that all share: written, discarded',
  concurrency: 4,
  operations: {
    report: operation({
      create: ({ target }) => take(target, '/reports'),
      destroy: ({ id }, { target }) => giveBack(target, `/reports/${id}`),
    }),
  },
  defects: {
    'coverage-kept': {
      summary: 'nobody removes coverage profiles',
      audit: ['001-12'],
      expect: { verdict: 'leak', metric: 'tempFiles', shape: 'linear', perCycle: 1 },
    },
    'artifacts-kept': {
      summary: 'nobody removes artifacts: the directory stays one, what is in it does not',
      audit: ['001-13'],
      expect: { verdict: 'leak', metric: 'tempFiles', shape: 'linear', perCycle: 3 },
    },
  },
});
