import { defineScenario, operation } from '../../harness/index.js';
import { joinMesh, knownIdentity } from './client/connections.js';
import { depart, topicsOf } from './client/peer-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/roaming-peers',
  summary: 'one of 64 peers comes again from another address: connect, announce three topics, disconnect',
  concurrency: 4,
  operations: {
    peer: operation({
      create: (context) =>
        joinMesh(context, {
          identity: knownIdentity(context.input),
          address: context.cycle,
          topics: topicsOf(context.input),
        }),
      destroy: depart,
    }),
  },
  universe: 64,
  defects: {
    'addresses-kept': {
      summary: 'peers stay 64, their addresses do not: keys are flat while elements grow',
      audit: ['002-01'],
      expect: { verdict: 'leak', metric: 'gauge.peerAddresses', shape: 'linear', perCycle: 1 },
    },
    'peer-topics-kept': {
      summary: 'their topics are the same wherever they come from',
      expect: { verdict: 'plateau' },
    },
  },
});
