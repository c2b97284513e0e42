import { defineScenario, operation } from '../../harness/index.js';
import { pythonSeries } from './python-target.js';

export default defineScenario({
  name: 'series-api/python-queries',
  summary: 'the service in Python: a new query, whose answer has 16 cells of 10 KB; the cache may keep 8 MiB of them',
  target: pythonSeries(),
  operations: {
    query: operation({
      create: ({ target, cycle }) => target.http.get(`/queries/16/10000/${cycle}`),
      destroy: () => undefined,
    }),
  },
  universe: 'fresh',
  defects: {
    'fixed-estimate': {
      summary: 'the cache takes each cell for 100 bytes, so its limit in bytes holds nothing back',
      audit: ['004-05'],
      expect: { verdict: 'leak', metric: 'heapUsed' },
    },
    'first-rows-estimate': {
      summary: 'the cache measures the first ten rows, which are like all others here',
      expect: { verdict: 'plateau' },
    },
  },
});
