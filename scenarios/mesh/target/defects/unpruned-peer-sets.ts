import { PeerSets } from '../peers/peer-sets.js';

/** Every peer ever seen, and everything it ever reported of itself. */
export class UnprunedPeerSets extends PeerSets {
  constructor() {
    super(Number.POSITIVE_INFINITY);
  }

  override forget(_peer: string): void {}
}
