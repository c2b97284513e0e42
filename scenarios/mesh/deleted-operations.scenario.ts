import { defineScenario, operation } from '../../harness/index.js';
import { publish, takeBack } from './client/operation-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/deleted-operations',
  summary: 'one of 64 authors publishes a signed operation and deletes it again',
  operations: { operation: operation({ create: publish, destroy: takeBack }) },
  universe: 64,
  defects: {
    'operations-kept': {
      summary: 'a store without limits gives back what is deleted',
      audit: ['002-08'],
      expect: { verdict: 'plateau' },
    },
  },
  sound: ['002-08'],
});
