import { describe, expect, it } from 'vitest';
import type { GrowingGroup } from '../../../../harness/attribute/evidence/growing-group.js';
import { joinOwnPeers } from '../../../../harness/attribute/evidence/socket-peers.js';

const group = (more: Partial<GrowingGroup>, rate = 1): GrowingGroup => ({
  kind: 'descriptor',
  type: 'socket',
  key: undefined,
  examples: [],
  frames: [],
  points: [],
  slope: { estimate: rate, low: rate, high: rate },
  ...more,
});
const accepting: GrowingGroup['frames'] = [['node:net', 1827, 1, 'createServerHandle']];
const connecting = group({ examples: ['127.0.0.1:4000 -> 127.0.0.1:80'] });

describe('the two ends of connections of a process to itself', () => {
  it('are one group, that of the connecting end', () => {
    const accepted = group({ examples: ['127.0.0.1:80 -> 127.0.0.1:4000'], frames: accepting });
    const joined = joinOwnPeers([accepted, connecting]);
    expect(joined).toMatchObject([{ examples: connecting.examples, slope: { estimate: 2 } }]);
  });

  it('count once where only one is active', () => {
    const accepted = group({ kind: 'handle', type: 'TCPWRAP', examples: ['127.0.0.1:80'], frames: accepting });
    const quiet = group({ kind: 'handle', type: 'TCPWRAP, unref-ed', examples: connecting.examples });
    expect(joinOwnPeers([quiet, accepted])).toMatchObject([{ type: 'TCPWRAP', slope: { estimate: 1 } }]);
  });

  it('stay two when they go elsewhere, or grow otherwise', () => {
    const elsewhere = group({ examples: ['127.0.0.1:81'], frames: accepting });
    expect(joinOwnPeers([elsewhere, connecting])).toHaveLength(2);
    const faster = group({ examples: ['127.0.0.1:80'], frames: accepting }, 3);
    expect(joinOwnPeers([faster, connecting])).toHaveLength(2);
  });
});
