import { defineScenario, operation } from '../../harness/index.js';
import { pythonSeriesTarget } from './python-target.js';

export default defineScenario({
  name: 'series-api/python-counts',
  summary: 'the service in Python, two workers: rows counted in a DuckDB instance of its own for each request',
  target: pythonSeriesTarget,
  operations: {
    count: operation({
      create: ({ target }) => target.http.get('/count?rows=1000'),
      destroy: () => undefined,
    }),
  },
  sound: ['004-02'],
  defects: {
    'kept-instances': {
      summary: 'the instance that counted is never closed: its threads and megabytes stay',
      expect: { verdict: 'leak', metric: 'threads', shape: 'linear' },
    },
  },
});
