import { defineScenario, operation } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

/** In every fifth cycle the condition names a column that is not there. */
const failEvery = 5;

export default defineScenario({
  name: 'series-api/deletes',
  summary: 'rows of a Parquet file counted and deleted, each in a DuckDB instance of its own; every fifth time in vain',
  target: seriesTarget(),
  operations: {
    deletion: operation({
      async create({ target, cycle, input }) {
        const path = `/measurements/m-${input}`;
        await target.http.put(path, { rows: 64 });
        const where = encodeURIComponent(cycle % failEvery === 0 ? 'nowhere = 1' : `host = 'host-3'`);
        await target.http.get(`${path}/count?where=${where}`, { accept: [400] });
        return { path, where };
      },
      async destroy({ path, where }, { target }) {
        await target.http.delete(`${path}/rows?where=${where}`, { accept: [400] });
        await target.http.delete(path);
      },
    }),
  },
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  sound: ['004-02'],
  defects: {
    'kept-instances': {
      summary: 'the instance that counted is never closed: a thread and megabytes of RSS, while the heap stays flat',
      expect: { verdict: 'leak', metric: 'threads', shape: 'linear', perCycle: 1 },
    },
  },
});
