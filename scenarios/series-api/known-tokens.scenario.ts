import { defineScenario, operation, type ScenarioTarget } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

const clients = 100;
/** Several runs may be soaked by one process. */
const tokensOf = new WeakMap<ScenarioTarget, readonly string[]>();

export default defineScenario({
  name: 'series-api/known-tokens',
  summary: 'requests with one of 100 API tokens',
  target: seriesTarget(),
  async setup({ target }) {
    const issue = async (owner: number) =>
      (await target.http.post('/tokens', { owner: `client-${owner}` })).json<{ token: string }>().token;
    tokensOf.set(target, await Promise.all(Array.from({ length: clients }, (_, owner) => issue(owner))));
  },
  operations: {
    request: operation({
      create: ({ target, input }) =>
        target.http.get('/whoami', { headers: { authorization: `Bearer ${tokensOf.get(target)?.[input]}` } }),
      destroy() {},
    }),
  },
  universe: clients,
  concurrency: 8,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'unbounded-token-cache': {
      summary: 'a cache without a limit is full when all tokens have been seen',
      expect: { verdict: 'plateau' },
    },
  },
});
