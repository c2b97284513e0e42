import { defineScenario, operation } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

export default defineScenario({
  name: 'series-api/tokens',
  summary: 'an API token: issue, use, revoke',
  target: seriesTarget(),
  // What is made of the cycle's number is taken away again: nothing stays that is new for each cycle.
  universe: 256,
  operations: {
    token: operation({
      async create({ target, cycle }) {
        const { token } = (await target.http.post('/tokens', { owner: `client-${cycle}` })).json<{ token: string }>();
        await target.http.get('/whoami', { headers: { authorization: `Bearer ${token}` } });
        return token;
      },
      async destroy(token, { target }) {
        await target.http.delete(`/tokens/${token}`);
      },
    }),
  },
  concurrency: 8,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'unbounded-token-cache': {
      summary: 'an entry is looked at only when its token comes again, and a revoked one never does',
      audit: ['004-08'],
      expect: { verdict: 'leak', metric: 'gauge.cachedTokens', shape: 'linear', perCycle: 1 },
    },
    'token-cache-without-revocation': {
      summary: 'revoked tokens stay too, but only 1,000 of them: fills, then stays',
      expect: { verdict: 'plateau' },
    },
  },
});
