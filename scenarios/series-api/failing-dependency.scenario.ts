import { defineScenario } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';
import { watchOperation } from './watch-cycle.js';

/** Nothing listens on TCP port 1: every connection is refused. */
const deadUrl = 'http://127.0.0.1:1/health';

export default defineScenario({
  name: 'series-api/failing-dependency',
  summary: 'a dependency that is down: watch it, forget it; another one is watched all the time',
  target: seriesTarget('--dependency', deadUrl),
  operations: { watch: watchOperation(() => deadUrl) },
  concurrency: 8,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'no-back-off': {
      summary: 'a failed check is repeated at once',
      audit: ['004-04'],
      expect: { verdict: 'spinning', metric: 'cpuIdle' },
    },
  },
});
