import { defineScenario, operation } from '../../harness/index.js';
import { connectionDefects } from './connection-defects.js';
import { damageDatabase, meetFault } from './damaged-database.js';
import { acquireLock, lockFaults, prepareLocks, releaseLock } from './lock-cycle.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

export default defineScenario({
  name: 'series-api/compaction-locks',
  summary: 'the lock of a partition in SQLite: acquire, release; one call in four cycles fails',
  target: seriesTarget(),
  async setup(context) {
    await prepareLocks(context);
    await damageDatabase(context);
  },
  operations: {
    lock: operation({
      async create(context) {
        const partition = await acquireLock(context);
        await meetFault(context.target, context.cycle, lockFaults);
        return partition;
      },
      destroy: releaseLock,
    }),
  },
  concurrency: 8,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: connectionDefects(2, '004-07'),
});
