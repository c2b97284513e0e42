import { defineScenario, operation } from '../../harness/index.js';
import { beginSync, endSync } from './client/sync-cycle.js';
import { meshScenario } from './mesh-scenario.js';
import { createIdentity } from './protocol/identity.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/syncs',
  summary: 'a sync session of a new peer about a new topic: begin, gossip meanwhile, end (every fifth breaks off)',
  operations: {
    sync: operation({
      create: (context) => beginSync(context, { identity: createIdentity(), address: context.input }),
      destroy: endSync,
    }),
  },
  universe: 'fresh',
  concurrency: 4,
  defects: {
    'counters-kept': {
      summary: 'the buffer goes when it is drained, its counter stays at 0',
      audit: ['002-03'],
      expect: { verdict: 'leak', metric: 'gauge.gossipCounters', shape: 'linear', perCycle: 1 },
    },
  },
});
