import { defineScenario, operation } from '../../harness/index.js';
import { churn } from './client/churn-cycle.js';
import { depart } from './client/peer-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/churn',
  summary: 'one of 64 peers from a new address does what it likes, drawn by the seed, and goes with or without a word',
  operations: { peer: operation({ create: churn, destroy: depart }) },
  universe: 64,
  concurrency: 4,
  defects: {
    'zombie-streams': {
      summary: 'streams that were open when their peer went stay',
      audit: ['002-06'],
      expect: { verdict: 'leak', metric: 'gauge.streams' },
    },
    'addresses-kept': {
      summary: 'a new address of a known peer each time',
      audit: ['002-01'],
      expect: { verdict: 'leak', metric: 'gauge.peerAddresses', shape: 'linear', perCycle: 1 },
    },
  },
});
