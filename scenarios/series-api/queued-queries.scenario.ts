import { defineScenario, operation } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

export default defineScenario({
  name: 'series-api/queued-queries',
  summary: 'eight clients query two connections, so that most wait in the queue',
  target: seriesTarget('--connections', '2'),
  concurrency: 8,
  operations: {
    query: operation({
      async create({ target }) {
        await target.http.post('/queries', { sql: 'SELECT sum(n) FROM range(20000) AS rows(n)', cached: false });
      },
      destroy() {},
    }),
  },
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'kept-tickets': {
      summary: 'who waited and was served stays on the list; at 100 everybody who would have to wait is turned away',
      expect: { verdict: 'refusing' },
    },
  },
});
