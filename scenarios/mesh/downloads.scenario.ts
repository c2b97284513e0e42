import { defineScenario, operation } from '../../harness/index.js';
import { forgetTransfer, startTransfer, withProvider } from './client/content-cycle.js';
import { meshGaugeKinds, meshGauges, meshTarget } from './mesh-target.js';

export default defineScenario({
  name: 'mesh/downloads',
  summary: 'a download over TCP whose caller walks away; every second provider stalls',
  target: meshTarget,
  ...withProvider,
  concurrency: 4,
  operations: {
    download: operation({
      create: (context) => startTransfer(context, 'downloads', context.cycle),
      destroy: (transfer, context) => forgetTransfer(transfer, context, 'downloads'),
    }),
  },
  gauges: meshGauges,
  gaugeKinds: meshGaugeKinds,
  defects: {
    'detached-downloads': {
      summary: 'a download is spawned and let go: it waits for its provider, and holds its socket, for ever',
      audit: ['002-13'],
      expect: { verdict: 'leak', metric: 'gauge.downloadTasks', shape: 'linear', perCycle: 0.5 },
    },
  },
});
