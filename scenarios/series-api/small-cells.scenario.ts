import { defineScenario } from '../../harness/index.js';
import { cellQuery } from './cell-query.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

export default defineScenario({
  name: 'series-api/small-cells',
  summary: 'a new query whose answer has cells of 20 bytes: a wrong estimate does no harm',
  target: seriesTarget(),
  operations: { query: cellQuery('20') },
  universe: 'fresh',
  concurrency: 8,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'fixed-estimate': {
      summary: 'the cache takes each cell for 100 bytes, which is too much here',
      expect: { verdict: 'plateau' },
    },
  },
});
