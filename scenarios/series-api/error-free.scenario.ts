import { defineScenario, operation } from '../../harness/index.js';
import { createContinuousQuery, deleteContinuousQuery, prepareContinuousQueries } from './continuous-query-cycle.js';
import { acquireLock, prepareLocks, releaseLock } from './lock-cycle.js';
import { createPolicy, deletePolicy, prepareRetention } from './retention-cycle.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

export default defineScenario({
  name: 'series-api/error-free',
  summary: 'policies, continuous queries and locks without a fault: what leaks on errors only stays unseen',
  target: seriesTarget(),
  async setup(context) {
    await prepareRetention(context);
    await prepareContinuousQueries(context);
    await prepareLocks(context);
  },
  operations: {
    policy: operation({ create: createPolicy, destroy: deletePolicy }),
    query: operation({ create: createContinuousQuery, destroy: deleteContinuousQuery }),
    lock: operation({ create: acquireLock, destroy: releaseLock }),
  },
  concurrency: 8,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'unclosed-on-error': {
      summary: 'an exception skips close(), and there is none: the error path must be driven to find it',
      expect: { verdict: 'plateau' },
    },
  },
});
