import { defineScenario, operation } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

const waitMs = 100;
const largeTable = 'SELECT n FROM range(10000000) AS rows(n)';

export default defineScenario({
  name: 'series-api/exhausted-pool',
  summary: 'a query that gives up after 100 ms, since two exports hold all connections: nothing else may wait for it',
  target: seriesTarget('--connections', '2'),
  async setup({ target }) {
    await target.http.post('/exports', { sql: largeTable });
    await target.http.post('/exports', { sql: largeTable });
  },
  operations: {
    query: operation({
      async create({ target }) {
        const query = { sql: 'SELECT 1', cached: false, waitMs };
        const answer = await target.http.post('/queries', query, { accept: [503], timeoutMs: 30_000 });
        if (answer.status !== 503) throw new Error(`expected no connection, got ${answer.status}`);
      },
      destroy() {},
    }),
  },
  concurrency: 2,
  cycles: 4,
  // Declared, so that it is judged while the queries wait, too.
  budgets: { eventLoopDelay: 50 },
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
