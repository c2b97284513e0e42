import { defineScenario, operation } from '../../harness/index.js';
import { connectionDefects } from './connection-defects.js';
import { damageDatabase, meetFault } from './damaged-database.js';
import { createPolicy, deletePolicy, prepareRetention, retentionFaults } from './retention-cycle.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

export default defineScenario({
  name: 'series-api/retention',
  summary: 'a retention policy in SQLite: create, run, delete; one call in four cycles fails',
  target: seriesTarget(),
  async setup(context) {
    await prepareRetention(context);
    await damageDatabase(context);
  },
  operations: {
    policy: operation({
      async create(context) {
        const id = await createPolicy(context);
        await meetFault(context.target, context.cycle, retentionFaults);
        return id;
      },
      destroy: deletePolicy,
    }),
  },
  concurrency: 8,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: connectionDefects(5, '004-01'),
});
