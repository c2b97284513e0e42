import type { ScenarioTarget } from '../../../harness/index.js';
import { rustService } from '../../rust/rust-service.js';
import { connectLinePeer, type LinePeer } from './line-peer.js';
import { perTarget } from './per-target.js';

const peerPort = perTarget(
  async (target) => (await target.http.get('/node')).json<{ peerPort: number }>().peerPort,
  () => undefined,
);

/** The node in Rust, whose peers come over TCP. */
export const rustNodeScenario = {
  target: rustService('mesh'),
  setup: ({ target }: { readonly target: ScenarioTarget }) => peerPort.open(target),
  teardown: ({ target }: { readonly target: ScenarioTarget }) => peerPort.close(target),
} as const;

/** A peer of that number. Names are of one length: a longer one would take a larger block. */
export function joinRustNode(target: ScenarioTarget, number: number): Promise<LinePeer> {
  const name = String(number).padStart(9, '0');
  return connectLinePeer(peerPort.of(target), `peer-${name}`, `address-${name}`);
}
