import { defineScenario, operation } from '../../harness/index.js';
import { pythonSeries } from './python-target.js';

export default defineScenario({
  name: 'series-api/python-counts',
  summary: 'the service in Python: rows counted in a DuckDB instance of its own for each request',
  target: pythonSeries(['duckdb']),
  operations: {
    count: operation({
      create: ({ target }) => target.http.get('/counts/1000'),
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
