import { defineScenario, operation } from '../../harness/index.js';
import { joinMesh } from './client/connections.js';
import { depart, topicsOf } from './client/peer-cycle.js';
import { meshScenario } from './mesh-scenario.js';
import { createIdentity } from './protocol/identity.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/peers',
  summary: 'a peer never seen before: connect, prove its name, announce three topics, disconnect',
  operations: {
    peer: operation({
      create: (context) =>
        joinMesh(context, { identity: createIdentity(), address: context.input, topics: topicsOf(context.input) }),
      destroy: depart,
    }),
  },
  universe: 'fresh',
  concurrency: 4,
  defects: {
    'addresses-kept': {
      summary: 'the address book keeps the addresses of every peer it ever saw',
      audit: ['002-01'],
      expect: { verdict: 'leak', metric: 'gauge.peerAddresses', shape: 'linear', perCycle: 1 },
    },
    'peer-topics-kept': {
      summary: 'the address book keeps the topics of every peer it ever saw: one key, three elements',
      audit: ['002-02'],
      expect: { verdict: 'leak', metric: 'gauge.peerTopics', shape: 'linear', perCycle: 3 },
    },
  },
});
