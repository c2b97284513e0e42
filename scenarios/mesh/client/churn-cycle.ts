import type { CycleContext } from '../../../harness/index.js';
import { signOperation } from '../protocol/operation.js';
import { joinMesh, knownIdentity } from './connections.js';
import type { PeerClient } from './peer-client.js';

const stepsMax = 8;

/** What a peer may do next; each leaves the session in a state that the next one can go on from. */
const steps: readonly ((peer: PeerClient, context: CycleContext, topic: string) => Promise<unknown>)[] = [
  (peer, _context, topic) => peer.ask({ type: 'subscribe', topic }),
  async (peer, _context, topic) => {
    const { stream } = await peer.ask<{ stream: number }>({ type: 'subscribe', topic });
    await peer.ask({ type: 'unsubscribe', stream });
  },
  (peer, _context, topic) => peer.ask({ type: 'sync', topic }),
  async (peer, _context, topic) => {
    await peer.ask({ type: 'sync', topic });
    await peer.ask({ type: 'gossip', topic, text: 'meanwhile' });
    await peer.ask({ type: 'synced', topic });
  },
  (peer, _context, topic) => peer.ask({ type: 'gossip', topic, text: 'hello' }),
  (peer, _context, topic) => peer.ask({ type: 'announce', topics: [topic] }),
  async (peer, { cycle, input }, topic) => {
    const operation = signOperation(knownIdentity(input), { sequence: cycle, topic, body: `operation ${cycle}` });
    await peer.ask({ type: 'publish', operation });
    await peer.ask({ type: 'delete', hash: operation.hash });
  },
  // A stream that is none, and a topic nobody syncs: what a peer gets wrong must leave nothing behind either.
  (peer) => peer.ask({ type: 'unsubscribe', stream: -1 }),
  (peer) => peer.ask({ type: 'synced', topic: 'never begun' }),
];

/** A peer that does up to eight things at random, from the run's seed, and may go in the middle of any of them. */
export async function churn(context: CycleContext): Promise<PeerClient> {
  const { input, cycle, random } = context;
  const topic = `room/${input % 16}`;
  const peer = await joinMesh(context, { identity: knownIdentity(input), address: cycle, topics: [topic] });
  for (let left = Math.floor(random() * stepsMax); left > 0; left -= 1) {
    await steps[Math.floor(random() * steps.length)]!(peer, context, topic);
  }
  return peer;
}
