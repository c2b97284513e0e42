import { defineScenario, operation } from '../../harness/index.js';
import { joinMesh, knownIdentity } from './client/connections.js';
import { depart } from './client/peer-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/dropped-subscriptions',
  summary: 'one of 64 peers subscribes to a topic and goes without unsubscribing',
  concurrency: 4,
  operations: {
    subscriber: operation({
      async create(context) {
        const topic = `room/${context.input % 16}`;
        const identity = knownIdentity(context.input);
        const peer = await joinMesh(context, { identity, address: context.input, topics: [topic] });
        await peer.ask({ type: 'subscribe', topic });
        return peer;
      },
      destroy: depart,
    }),
  },
  universe: 64,
  defects: {
    'zombie-streams': {
      summary: 'the stream of a peer that has gone stays, with the queue that nobody empties',
      audit: ['002-06'],
      expect: { verdict: 'leak', metric: 'gauge.streams', shape: 'linear', perCycle: 1 },
    },
    'unsubscribe-noop': {
      summary: 'nobody unsubscribes here, and what a peer leaves behind is cleaned up',
      expect: { verdict: 'plateau' },
    },
  },
});
