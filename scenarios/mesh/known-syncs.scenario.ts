import { defineScenario, operation } from '../../harness/index.js';
import { knownIdentity } from './client/connections.js';
import { beginSync, endSync } from './client/sync-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/known-syncs',
  summary: 'a sync session of one of 64 peers, each about its own topic: begin, gossip meanwhile, end',
  concurrency: 4,
  operations: {
    sync: operation({
      create: (context) => beginSync(context, { identity: knownIdentity(context.input), address: context.input }),
      destroy: endSync,
    }),
  },
  universe: 64,
  defects: {
    'counters-kept': {
      summary: 'a counter for each pair of peer and topic: 64, and no more',
      expect: { verdict: 'plateau' },
    },
  },
});
