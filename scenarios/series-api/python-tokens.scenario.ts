import { defineScenario } from '../../harness/index.js';
import { tokenCycle } from './python-cycles.js';
import { pythonSeries } from './python-target.js';

export default defineScenario({
  name: 'series-api/python-tokens',
  summary: 'the service in Python: an API token issued, used, revoked',
  target: pythonSeries(),
  operations: { token: tokenCycle },
  defects: {
    'unbounded-token-cache': {
      summary: 'an entry is looked at only when its token comes again, and a revoked one never does',
      audit: ['004-08'],
      expect: { verdict: 'leak', metric: 'heapUsed', shape: 'linear' },
    },
  },
});
