import { defineScenario, operation } from '../../harness/index.js';
import { publish } from './client/operation-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/operations',
  summary: 'one of 64 authors publishes a signed operation; the node keeps the last four of each',
  concurrency: 4,
  operations: {
    operation: operation({
      create: publish,
      // Its author holds on to nothing: what the node keeps of it is for the node to let go.
      destroy: () => undefined,
    }),
  },
  universe: 64,
  defects: {
    'operations-kept': {
      summary: 'a store made for tests, in production: nobody calls delete',
      audit: ['002-07'],
      expect: { verdict: 'leak', metric: 'gauge.operations', shape: 'linear', perCycle: 1 },
    },
    'seen-ids-kept': {
      summary: 'ids of what has been here are never forgotten',
      expect: { verdict: 'leak', metric: 'gauge.seenIds', shape: 'linear', perCycle: 1 },
    },
    'seen-ids-expire-only': {
      summary: 'ids are forgotten after a second: they ramp up to what a second brings, and stay there',
      expect: { verdict: 'plateau' },
    },
  },
  static: {
    '002-18':
      'a utility of the tests keeps the messages of a test in memory: it is not part of the node, so no run of the node executes it',
  },
});
