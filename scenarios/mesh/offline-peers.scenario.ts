import { defineScenario, operation } from '../../harness/index.js';
import { knownIdentity, residentPeer } from './client/connections.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/offline-peers',
  summary: 'a message for one of 16 peers that are away; the node keeps the last eight for each',
  concurrency: 4,
  operations: {
    message: operation({
      create: ({ target, input, cycle }) =>
        residentPeer.of(target).ask({ type: 'send', to: knownIdentity(input).name, text: `message ${cycle}` }),
      // The sender hears no more of it.
      destroy: () => undefined,
    }),
  },
  universe: 16,
  defects: {
    'outbox-unbounded': {
      summary: 'messages wait for peers that never come back',
      expect: { verdict: 'leak', metric: 'gauge.queuedMessages', shape: 'linear', perCycle: 1 },
    },
  },
});
