import type { GaugeKind, GaugeReader, ScenarioTarget, ScriptTarget } from '../../harness/index.js';
import { requirePackages } from '../required-packages.js';
import { createIdentity } from './protocol/identity.js';

/** A peer that the node is asked not to answer. */
export const blockedPeer = createIdentity();

/** A node of the mesh, with the defects of the run planted. */
export function meshTarget({ defects }: { readonly defects: readonly string[] }): ScriptTarget {
  requirePackages('mesh', ['ws']);
  return {
    script: new URL('./target/main.js', import.meta.url),
    // An address may begin with a dash, as base64url does.
    arguments: [`--blocked=${blockedPeer.name}`, ...defects.flatMap((name) => ['--defect', name])],
    // It listens for peers before it does for requests.
    ready: { line: /listening on (?<url>\S+)/ },
  };
}

export const meshGauges: GaugeReader = async ({ target }) =>
  (await target.http.get('/stats')).json<Record<string, number>>();

export const meshGaugeKinds: Readonly<Record<string, GaugeKind>> = {
  streamsOpened: { kind: 'counter' },
  handshakesAbandoned: { kind: 'counter' },
  tasksSpawned: { kind: 'counter' },
  tasksFinished: { kind: 'counter' },
};

/** Where the node listens beside its control surface. */
export async function nodePorts(target: ScenarioTarget): Promise<{ peerPort: number; datagramPort: number }> {
  return (await target.http.get('/node')).json();
}
