import { defineScenario, operation } from '../../harness/index.js';
import { closePair, openPair } from './client/subscription-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/subscriptions',
  summary: 'two streams of one of 16 topics over a connection that stays: subscribe, unsubscribe',
  operations: {
    pair: operation({ create: (context) => openPair(context, `room/${context.input}`), destroy: closePair }),
  },
  universe: 16,
  defects: {
    'unsubscribe-noop': {
      summary: 'nothing is taken out of the three maps: topics stay 16, streams of a topic do not',
      audit: ['002-04'],
      expect: { verdict: 'leak', metric: 'gauge.streamsByTopic', shape: 'linear', perCycle: 2 },
    },
    'stream-ids-collide': {
      summary: 'the next id is never written back, so a stream takes the place of another whose task goes on',
      expect: { verdict: 'leak', metric: 'gauge.forwarderTasks', shape: 'linear', perCycle: 1 },
    },
  },
  sound: ['002-05'],
});
