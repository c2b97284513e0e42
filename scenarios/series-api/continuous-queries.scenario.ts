import { defineScenario, operation } from '../../harness/index.js';
import { connectionDefects } from './connection-defects.js';
import {
  continuousQueryFaults,
  createContinuousQuery,
  deleteContinuousQuery,
  prepareContinuousQueries,
} from './continuous-query-cycle.js';
import { damageDatabase, meetFault } from './damaged-database.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

export default defineScenario({
  name: 'series-api/continuous-queries',
  summary: 'a continuous query in SQLite: create, record a run, delete; one call in four cycles fails',
  target: seriesTarget(),
  async setup(context) {
    await prepareContinuousQueries(context);
    await damageDatabase(context);
  },
  operations: {
    query: operation({
      async create(context) {
        const id = await createContinuousQuery(context);
        await meetFault(context.target, context.cycle, continuousQueryFaults);
        return id;
      },
      destroy: deleteContinuousQuery,
    }),
  },
  concurrency: 8,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: connectionDefects(5, '004-06'),
});
