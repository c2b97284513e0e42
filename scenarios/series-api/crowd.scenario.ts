import { defineScenario } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

const queries = 16;
const answerSql = (input: number | '{input}') => `SELECT ${input} AS answer`;

export default defineScenario({
  name: 'series-api/crowd',
  summary:
    '1,000 clients at once: cached answers, token checks, heartbeats (until decided; for five minutes: --drive 5m)',
  target: seriesTarget(),
  async setup({ target }) {
    const { token } = (await target.http.post('/tokens', { owner: 'crowd' })).json<{ token: string }>();
    // A thousand clients must not all miss the cache at once.
    for (let input = 0; input < queries; input += 1) await target.http.post('/queries', { sql: answerSql(input) });
    return { authorization: `Bearer ${token}` };
  },
  concurrency: 1_000,
  operations: {
    query: { create: { method: 'POST', path: '/queries', body: { sql: answerSql('{input}') } } },
    whoami: { create: { path: '/whoami', headers: { authorization: '{setup:authorization}' } } },
    heartbeat: { create: { path: '/health' } },
  },
  universe: queries,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
});
