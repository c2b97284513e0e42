import { defineScenario, operation } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

/** One query in so many names a table that is not there. */
const failEvery = 50;

export default defineScenario({
  name: 'series-api/failing-queries',
  summary: 'a query on one of 256 pooled connections; one in 50 fails',
  target: seriesTarget('--connections', '256'),
  // What is made of the cycle's number is taken away again: nothing stays that is new for each cycle.
  universe: 256,
  operations: {
    query: operation({
      async create({ target, cycle }) {
        const sql = cycle % failEvery === 0 ? 'SELECT * FROM nowhere' : 'SELECT 1';
        await target.http.post('/queries', { sql, cached: false }, { accept: [400] });
      },
      destroy() {},
    }),
  },
  cycles: 50,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'unreturned-connections': {
      summary: 'a connection whose query failed is closed and not replaced, until none is left',
      expect: { verdict: 'leak', metric: 'gauge.poolConnections', shape: 'falling', perCycle: -1 / failEvery },
    },
  },
});
