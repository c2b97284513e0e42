import { defineScenario } from '../../harness/index.js';
import { cellQuery } from './cell-query.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

export default defineScenario({
  name: 'series-api/skewed-cells',
  summary: 'a new query whose first ten rows are tiny and all others have cells of 10 KB',
  target: seriesTarget(),
  operations: { query: cellQuery('CASE WHEN n < 10 THEN 1 ELSE 10000 END') },
  universe: 'fresh',
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'first-rows-estimate': {
      summary: 'the fix that does not fix: the first ten rows stand for all',
      expect: { verdict: 'leak', metric: 'gauge.cacheBytes' },
    },
  },
});
