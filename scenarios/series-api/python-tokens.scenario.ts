import { defineScenario, operation } from '../../harness/index.js';
import { pythonSeriesTarget } from './python-target.js';

export default defineScenario({
  name: 'series-api/python-tokens',
  summary: 'the service in Python, two workers: an API token issued, used, revoked',
  target: pythonSeriesTarget,
  operations: {
    token: operation({
      async create({ target, input }) {
        const { token } = (await target.http.post(`/tokens?owner=client-${input}`)).json<{ token: string }>();
        await target.http.get('/whoami', { headers: { authorization: `Bearer ${token}` } });
        return token;
      },
      async destroy(token, { target }) {
        await target.http.delete(`/tokens/${token}`);
      },
    }),
  },
  defects: {
    'unbounded-token-cache': {
      summary: 'an entry is looked at only when its token comes again, and a revoked one never does',
      audit: ['004-08'],
      expect: { verdict: 'leak', metric: 'heapUsed', shape: 'linear' },
    },
  },
});
