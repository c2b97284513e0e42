import { defineScenario, operation } from '../../harness/index.js';
import type { LinePeer } from './client/line-peer.js';
import { joinRustNode, rustNodeScenario } from './client/rust-node.js';

const topics = 16;
/** The name of its topic, a channel, a block of its messages, and the task that it would wake, although that was aborted. */
const streamKept = { verdict: 'leak', metric: 'allocations', shape: 'linear', perCycle: 4 } as const;

export default defineScenario({
  ...rustNodeScenario,
  name: 'mesh/rust-subscriptions',
  summary: 'a peer of the node in Rust subscribes to two of 16 topics, unsubscribes from one, and goes',
  operations: {
    subscriber: operation({
      async create({ target, input }) {
        const peer = await joinRustNode(target, input);
        const stream = await peer.ask(`subscribe room/${input % topics}`);
        await peer.ask(`subscribe room/${(input + 1) % topics}`);
        await peer.ask(`publish room/${input % topics} hello`);
        return { peer, stream };
      },
      async destroy({ peer, stream }: { peer: LinePeer; stream: string }) {
        await peer.ask(`unsubscribe ${stream}`);
        await peer.leave();
      },
    }),
  },
  universe: 64,
  concurrency: 4,
  defects: {
    'unsubscribe-noop': {
      summary: 'nothing is taken out of the three maps, and the channel stays with its sender',
      audit: ['002-04'],
      expect: streamKept,
    },
    'zombie-streams': {
      summary: 'the stream of a peer that has gone stays, with a channel that nobody receives from',
      audit: ['002-06'],
      expect: streamKept,
    },
  },
});
