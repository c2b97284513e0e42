import { defineScenario, operation, type ScenarioTarget } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

const queries = 16;
const answerSql = (input: number) => `SELECT ${input} AS answer`;
/** Several runs may be soaked by one process. */
const authorizations = new WeakMap<ScenarioTarget, string>();

export default defineScenario({
  name: 'series-api/crowd',
  summary: '1,000 clients at once: cached answers, token checks, heartbeats (for five minutes: --duration 5m)',
  target: seriesTarget(),
  async setup({ target }) {
    const { token } = (await target.http.post('/tokens', { owner: 'crowd' })).json<{ token: string }>();
    authorizations.set(target, `Bearer ${token}`);
    // A thousand clients must not all miss the cache at once.
    for (let input = 0; input < queries; input += 1) await target.http.post('/queries', { sql: answerSql(input) });
  },
  concurrency: 1_000,
  operations: {
    query: operation({
      create: ({ target, input }) => target.http.post('/queries', { sql: answerSql(input) }),
      destroy() {},
    }),
    whoami: operation({
      create: ({ target }) =>
        target.http.get('/whoami', { headers: { authorization: authorizations.get(target) ?? '' } }),
      destroy() {},
    }),
    heartbeat: operation({ create: ({ target }) => target.http.get('/health'), destroy() {} }),
  },
  universe: queries,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
});
