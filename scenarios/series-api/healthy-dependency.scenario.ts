import { defineScenario } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';
import { watchOperation } from './watch-cycle.js';

export default defineScenario({
  name: 'series-api/healthy-dependency',
  summary: 'a dependency that answers (the service itself): watch it, forget it; another one is watched all the time',
  target: seriesTarget('--dependency', 'self'),
  operations: { watch: watchOperation(({ target }) => `${target.url}/health`) },
  concurrency: 8,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'no-back-off': {
      summary: 'a failed check is repeated at once, and none fails',
      expect: { verdict: 'plateau' },
    },
  },
});
