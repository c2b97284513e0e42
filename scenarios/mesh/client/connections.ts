import type { CycleContext, ScenarioTarget } from '../../../harness/index.js';
import { nodePorts } from '../mesh-target.js';
import { createIdentity, type Identity } from '../protocol/identity.js';
import { connectPeer, type PeerClient } from './peer-client.js';
import { perTarget } from './per-target.js';

/** One peer that stays connected for the whole run. */
export const residentPeer = perTarget(
  async (target) =>
    connectPeer({
      port: (await nodePorts(target)).peerPort,
      identity: createIdentity(),
      address: addressOf(0),
    }),
  (peer) => peer.leave(),
);

/** The node's ports, asked for once a run. */
export const ports = perTarget(nodePorts, () => undefined);

/** Identities by number, so that the same peers come again. */
const knownIdentities: Identity[] = [];

export function knownIdentity(number: number): Identity {
  knownIdentities[number] ??= createIdentity();
  return knownIdentities[number];
}

/** A peer of that identity at that address, with three topics of its own. */
export async function joinMesh(
  { target }: Pick<CycleContext, 'target'>,
  { identity, address, topics }: { identity: Identity; address: number; topics: readonly string[] },
): Promise<PeerClient> {
  const peer = await connectPeer({ port: portOf(target), identity, address: addressOf(address) });
  await peer.ask({ type: 'announce', topics });
  return peer;
}

export function portOf(target: ScenarioTarget): number {
  return ports.of(target).peerPort;
}

/** The number as an address of the network 10.0.0.0/8. */
function addressOf(number: number): string {
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}:4919`;
}
