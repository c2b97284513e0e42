import { defineScenario, operation } from '../../harness/index.js';
import { closePair, openPair } from './client/subscription-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/fresh-topics',
  summary: 'two streams of a topic nobody has heard of: subscribe, unsubscribe',
  concurrency: 4,
  operations: {
    pair: operation({ create: (context) => openPair(context, `room/${context.input}`), destroy: closePair }),
  },
  universe: 'fresh',
  defects: {
    'unsubscribe-noop': {
      summary: 'every topic stays in the maps, and the node in its gossip',
      audit: ['002-04'],
      expect: { verdict: 'leak', metric: 'gauge.topics', shape: 'linear', perCycle: 1 },
    },
  },
});
