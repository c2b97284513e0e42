import type { CycleContext } from '../../../harness/index.js';
import { residentPeer } from './connections.js';

/** Two streams of one topic, both of the peer that stays. */
export interface StreamPair {
  readonly topic: string;
  readonly first: number;
  readonly second: number;
}

export async function openPair({ target }: CycleContext, topic: string): Promise<StreamPair> {
  const peer = residentPeer.of(target);
  const first = await peer.ask<{ stream: number }>({ type: 'subscribe', topic });
  const second = await peer.ask<{ stream: number }>({ type: 'subscribe', topic });
  return { topic, first: first.stream, second: second.stream };
}

export async function closePair({ first, second }: StreamPair, { target }: CycleContext): Promise<void> {
  const peer = residentPeer.of(target);
  await peer.ask({ type: 'unsubscribe', stream: first });
  await peer.ask({ type: 'unsubscribe', stream: second });
}

/** The same, and makes sure that the second stream is still served when the first has gone. */
export async function closePairInTurn({ topic, first, second }: StreamPair, { target }: CycleContext): Promise<void> {
  const peer = residentPeer.of(target);
  await peer.ask({ type: 'unsubscribe', stream: first });
  const { reached } = await peer.ask<{ reached: number }>({ type: 'gossip', topic, text: 'still there?' });
  await peer.ask({ type: 'unsubscribe', stream: second });
  if (reached === 0) throw new Error(`topic ${topic}: a stream was left, and nothing reached it`);
}
