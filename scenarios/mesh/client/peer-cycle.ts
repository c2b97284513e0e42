import type { CycleContext } from '../../../harness/index.js';
import type { PeerClient } from './peer-client.js';

const farewells = 4;

/** Most peers say goodbye, every fourth is gone from one moment to the next. */
export function depart(peer: PeerClient, { cycle }: CycleContext): Promise<void> {
  return cycle % farewells === 0 ? peer.vanish() : peer.leave();
}

export function topicsOf(number: number): string[] {
  return ['chat', 'files', 'calendar'].map((kind) => `${kind}/${number}`);
}
