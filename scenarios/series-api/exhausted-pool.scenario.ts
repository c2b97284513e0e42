import { defineScenario, operation } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

const largeTable = 'SELECT n FROM range(10000000) AS rows(n)';

export default defineScenario({
  name: 'series-api/exhausted-pool',
  summary: 'a heartbeat while two exports hold all connections and a job waits for one',
  target: seriesTarget('--connections', '2'),
  async setup({ target }) {
    await target.http.post('/exports', { sql: largeTable });
    await target.http.post('/exports', { sql: largeTable });
    await target.http.post('/jobs', { sql: 'SELECT 1' });
  },
  operations: {
    heartbeat: operation({
      create: ({ target }) => target.http.get('/health'),
      destroy() {},
    }),
  },
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'blocking-wait': {
      summary: 'who waits for a connection blocks the event loop, a second at a time',
      audit: ['004-03'],
      expect: { verdict: 'spinning', metric: 'eventLoopDelay' },
    },
    'short-blocking-wait': {
      summary: 'the fix that does not fix: blocked for 100 ms of every 200',
      expect: { verdict: 'spinning', metric: 'eventLoopDelay' },
    },
  },
});
