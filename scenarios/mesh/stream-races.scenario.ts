import { defineScenario, operation } from '../../harness/index.js';
import { dropGroup, openGroup } from './client/stream-cycle.js';
import { meshGaugeKinds, meshGauges, meshTarget } from './mesh-target.js';

const restartEvery = 4;

export default defineScenario({
  name: 'mesh/stream-races',
  summary: 'sixteen event streams, dropped in one go; every fourth time their actor is replaced meanwhile',
  target: meshTarget,
  operations: {
    group: operation({
      create: openGroup,
      destroy: (group, context) => dropGroup(group, context, { restart: context.cycle % restartEvery === 0 }),
    }),
  },
  gauges: meshGauges,
  gaugeKinds: meshGaugeKinds,
  defects: {
    'retry-on-closed-inbox': {
      summary: 'the twelve notices that wait for a place when the actor is replaced are lost with its inbox',
      audit: ['002-17'],
      expect: { verdict: 'leak', metric: 'gauge.receivers', shape: 'linear', perCycle: 3 },
    },
  },
});
