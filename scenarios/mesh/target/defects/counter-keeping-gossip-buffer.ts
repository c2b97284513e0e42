import { GossipBuffer } from '../topics/gossip-buffer.js';

/** The buffer goes when it is drained, its counter stays, at 0. */
export class CounterKeepingGossipBuffer extends GossipBuffer {
  protected override ended(_key: string): void {}
}
