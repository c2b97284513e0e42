import { defineScenario } from '../../harness/index.js';
import { policyCycle, policyFailsEvery } from './python-cycles.js';
import { pythonSeries } from './python-target.js';

const leak = { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 1 / policyFailsEvery } as const;

export default defineScenario({
  name: 'series-api/python-connections',
  summary: 'the service in Python: a retention policy stored, executed, and deleted',
  target: pythonSeries(),
  operations: { policy: policyCycle },
  defects: {
    'unclosed-on-error': {
      summary:
        'an exception skips close(), and the list of the last errors keeps it: a descriptor for each call that fails',
      audit: ['004-01'],
      expect: leak,
    },
    'with-only': {
      summary: 'a block that commits or rolls back but does not close: a descriptor for each call that fails',
      expect: leak,
    },
  },
});
