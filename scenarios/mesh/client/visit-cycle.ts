import type { CycleContext } from '../../../harness/index.js';
import { blockedPeer } from '../mesh-target.js';
import { createIdentity } from '../protocol/identity.js';
import { ports } from './connections.js';
import { type HandshakeOutcome, openVisitor, type Visitor } from './visitor.js';

const welcomePeer = createIdentity();

/** Three handshakes. Who sends nonsense or is blocked does not care what becomes of it; who is welcome does. */
export async function visit({ target }: CycleContext): Promise<Visitor> {
  const visitor = await openVisitor(ports.of(target).datagramPort);
  try {
    await visitor.mumble(welcomePeer);
    expectOutcome(await visitor.knock(blockedPeer), 'unanswered');
    expectOutcome(await visitor.knock(welcomePeer), 'accepted');
    return visitor;
  } catch (error) {
    visitor.close();
    throw error;
  }
}

export async function leaveDoor(visitor: Visitor): Promise<void> {
  await visitor.leave();
  visitor.close();
}

function expectOutcome(got: HandshakeOutcome, wanted: HandshakeOutcome): void {
  if (got !== wanted) throw new Error(`handshake: expected to be ${wanted}, got ${got}`);
}
