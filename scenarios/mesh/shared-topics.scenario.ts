import { defineScenario, operation } from '../../harness/index.js';
import { closePairInTurn, openPair } from './client/subscription-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/shared-topics',
  summary: 'two streams of one of 16 topics: the second must still be served when the first has gone',
  concurrency: 4,
  operations: {
    pair: operation({ create: (context) => openPair(context, `room/${context.input}`), destroy: closePairInTurn }),
  },
  universe: 16,
});
