import type { ScenarioTarget } from '../../harness/index.js';
import { ports, residentPeer } from './client/connections.js';
import { meshGaugeKinds, meshGauges, meshTarget } from './mesh-target.js';

/** What all loops over the mesh share. */
export const meshScenario = {
  target: meshTarget,
  gauges: meshGauges,
  gaugeKinds: meshGaugeKinds,
  async setup({ target }: { readonly target: ScenarioTarget }) {
    await ports.open(target);
    await residentPeer.open(target);
  },
  async teardown({ target }: { readonly target: ScenarioTarget }) {
    await residentPeer.close(target);
    await ports.close(target);
  },
  settle: {
    /** The node sees the end of a connection a moment after its peer does; the resident peer stays. */
    async until({ target }: { readonly target: ScenarioTarget }) {
      return (await meshGauges({ target })).peers === 1;
    },
  },
} as const;
