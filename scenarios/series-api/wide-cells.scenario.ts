import { defineScenario } from '../../harness/index.js';
import { cellQuery } from './cell-query.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

export default defineScenario({
  name: 'series-api/wide-cells',
  summary: 'a new query whose answer has cells of 10 KB; the cache may keep 8 MiB of them',
  target: seriesTarget(),
  operations: { query: cellQuery('10000') },
  universe: 'fresh',
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'fixed-estimate': {
      summary: 'the cache takes each cell for 100 bytes, so its limit in bytes holds nothing back',
      audit: ['004-05'],
      expect: { verdict: 'leak', metric: 'gauge.cacheBytes' },
    },
    'first-rows-estimate': {
      summary: 'the cache measures the first ten rows, which are like all others here',
      expect: { verdict: 'plateau' },
    },
  },
});
