import { defineScenario, operation } from '../../harness/index.js';
import { pythonSeriesTarget } from './python-target.js';

/** In every fourth cycle the policy is executed for a measurement that has no table. */
const failEvery = 4;
const leak = { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 1 / failEvery } as const;

export default defineScenario({
  name: 'series-api/python-connections',
  summary: 'the service in Python, two workers: a retention policy stored, executed, and deleted',
  target: pythonSeriesTarget,
  operations: {
    policy: operation({
      async create({ target, cycle, input }) {
        const path = `/policies/p-${input}`;
        await target.http.put(path);
        const measurement = cycle % failEvery === 0 ? 'nowhere' : 'policies';
        await target.http.request('POST', `${path}/execute?measurement=${measurement}`, { accept: [400] });
        return path;
      },
      async destroy(path, { target }) {
        await target.http.delete(path);
      },
    }),
  },
  defects: {
    'unclosed-on-error': {
      summary:
        'an exception skips close(), and the list of the last errors keeps it: a descriptor for each call that fails',
      audit: ['004-01'],
      expect: leak,
    },
    'with-only': {
      summary: 'a block that commits or rolls back but does not close: a descriptor for each call that fails',
      expect: leak,
    },
  },
});
