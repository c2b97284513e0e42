import { defineScenario, operation } from '../../harness/index.js';
import { joinMesh, knownIdentity } from './client/connections.js';
import { depart, topicsOf } from './client/peer-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/known-peers',
  summary: 'one of 64 peers comes again from where it always is: connect, announce three topics, disconnect',
  concurrency: 4,
  operations: {
    peer: operation({
      create: (context) =>
        joinMesh(context, {
          identity: knownIdentity(context.input),
          address: context.input,
          topics: topicsOf(context.input),
        }),
      destroy: depart,
    }),
  },
  universe: 64,
  defects: {
    'addresses-kept': {
      summary: 'what is never forgotten is complete once all 64 have been here',
      expect: { verdict: 'plateau' },
    },
    'peer-topics-kept': {
      summary: 'the same for their topics',
      expect: { verdict: 'plateau' },
    },
    'detached-drivers': {
      summary: "a connection's keep-alive loop is spawned and let go, so that it outlives the connection",
      audit: ['002-12'],
      expect: { verdict: 'leak', metric: 'gauge.keepAliveTasks', shape: 'linear', perCycle: 1 },
    },
    'wakers-per-poll': {
      summary: 'every poll of the network state adds a waker, and the state hardly ever changes',
      expect: { verdict: 'leak', metric: 'gauge.wakers', shape: 'linear', perCycle: 1 },
    },
  },
});
