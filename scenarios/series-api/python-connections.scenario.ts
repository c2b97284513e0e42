import { defineScenario } from '../../harness/index.js';
import { policyCycle, policyFailsEvery } from './python-cycles.js';
import { pythonSeries } from './python-target.js';

/** Stored, executed, and deleted. */
const callsPerCycle = 3;

export default defineScenario({
  name: 'series-api/python-connections',
  summary: 'the service in Python: a retention policy stored, executed, and deleted; one execution in four fails',
  target: pythonSeries(),
  operations: { policy: policyCycle },
  defects: {
    'unclosed-on-error': {
      summary: 'an exception skips close(): a descriptor for each call that fails',
      audit: ['004-01'],
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 1 / policyFailsEvery },
    },
    'with-only': {
      summary: 'a block that commits or rolls back but does not close: a descriptor for each call, failed or not',
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: callsPerCycle },
    },
    'gc-only': {
      summary: 'an exception skips close(), but nobody holds the connection: it goes by itself',
      expect: { verdict: 'plateau' },
    },
  },
});
