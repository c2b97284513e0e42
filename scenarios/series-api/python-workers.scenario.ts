import { defineScenario } from '../../harness/index.js';
import { policyCycle, policyFailsEvery, tokenCycle } from './python-cycles.js';
import { pythonSeries } from './python-target.js';

export default defineScenario({
  name: 'series-api/python-workers',
  summary: 'the service in Python with two workers of uvicorn: policies as above, and tokens',
  target: pythonSeries(['fastapi', 'uvicorn'], '--workers'),
  operations: { policy: policyCycle, token: tokenCycle },
  defects: {
    'unclosed-on-error': {
      summary: 'an exception skips close(): a descriptor of one worker for each call that fails',
      audit: ['004-01'],
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 1 / policyFailsEvery },
    },
    'unbounded-token-cache': {
      summary: 'each worker keeps the tokens that it was shown',
      audit: ['004-08'],
      expect: { verdict: 'leak', metric: 'heapUsed', shape: 'linear' },
    },
  },
});
