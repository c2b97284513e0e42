import type { CycleContext } from '../../../harness/index.js';
import type { Identity } from '../protocol/identity.js';
import { joinMesh } from './connections.js';
import type { PeerClient } from './peer-client.js';

const heldMessages = 2;
/** Every so many sessions ends with its connection instead of in good order. */
const brokenEvery = 5;

export interface SyncSession {
  readonly peer: PeerClient;
  readonly topic: string;
}

/** Begins a sync session of a peer about a topic; gossip meanwhile is held back. */
export async function beginSync(
  context: CycleContext,
  { identity, address }: { identity: Identity; address: number },
): Promise<SyncSession> {
  const topic = `notes/${address}`;
  const peer = await joinMesh(context, { identity, address, topics: [topic] });
  await peer.ask({ type: 'sync', topic });
  for (let index = 0; index < heldMessages; index += 1) {
    await peer.ask({ type: 'gossip', topic, text: `line ${index}` });
  }
  return { peer, topic };
}

export async function endSync({ peer, topic }: SyncSession, { cycle }: CycleContext): Promise<void> {
  if (cycle % brokenEvery === 0) return peer.vanish();
  const { held } = await peer.ask<{ held: number }>({ type: 'synced', topic });
  await peer.leave();
  // Where another session of the peer about the topic goes on, it is that one which gets them.
  if (held % heldMessages !== 0) throw new Error(`sync: ${held} messages came out, some were lost`);
}
