import { defineScenario, operation } from '../../harness/index.js';
import { topicsOf } from './client/peer-cycle.js';
import { joinRustNode, rustNodeScenario } from './client/rust-node.js';

export default defineScenario({
  ...rustNodeScenario,
  name: 'mesh/rust-peers',
  summary: 'the node in Rust: a peer never seen before connects, announces three topics, and goes',
  operations: {
    peer: operation({
      async create({ target, input }) {
        const peer = await joinRustNode(target, input);
        await peer.ask(`announce ${topicsOf(input).join(' ')}`);
        return peer;
      },
      destroy: (peer) => peer.leave(),
    }),
  },
  universe: 'fresh',
  concurrency: 4,
  defects: {
    'addresses-kept': {
      summary: 'the address book keeps the addresses of every peer it ever saw: a name, a set, and an address',
      audit: ['002-01'],
      expect: { verdict: 'leak', metric: 'allocations', shape: 'linear', perCycle: 3 },
    },
    'peer-topics-kept': {
      summary: 'the address book keeps the topics of every peer it ever saw: a name, and a set of three',
      audit: ['002-02'],
      expect: { verdict: 'leak', metric: 'allocations', shape: 'linear', perCycle: 2 },
    },
    'detached-drivers': {
      summary: "a connection's keep-alive task is spawned and let go: it holds the connection of a peer that has gone",
      audit: ['002-12'],
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 1 },
    },
  },
});
