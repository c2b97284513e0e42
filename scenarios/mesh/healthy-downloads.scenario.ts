import { defineScenario, operation } from '../../harness/index.js';
import { forgetTransfer, startTransfer, withProvider } from './client/content-cycle.js';
import { meshGaugeKinds, meshGauges, meshTarget } from './mesh-target.js';

export default defineScenario({
  name: 'mesh/healthy-downloads',
  summary: 'a download over TCP from a provider that delivers',
  target: meshTarget,
  ...withProvider,
  concurrency: 4,
  operations: {
    download: operation({
      create: (context) => startTransfer(context, 'downloads', 2 * context.input),
      destroy: (transfer, context) => forgetTransfer(transfer, context, 'downloads'),
    }),
  },
  gauges: meshGauges,
  gaugeKinds: meshGaugeKinds,
  defects: {
    'detached-downloads': {
      summary: 'as long as providers deliver, every task comes to its end',
      expect: { verdict: 'plateau' },
    },
  },
});
