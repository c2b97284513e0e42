import { defineScenario, operation } from '../../harness/index.js';
import { forgetTransfer, startTransfer, withProvider } from './client/content-cycle.js';
import { meshGaugeKinds, meshGauges, meshTarget } from './mesh-target.js';

export default defineScenario({
  name: 'mesh/imports',
  summary: 'an import into a file whose caller walks away; every second provider stalls',
  target: meshTarget,
  ...withProvider,
  concurrency: 4,
  operations: {
    import: operation({
      create: (context) => startTransfer(context, 'imports', context.cycle),
      destroy: (transfer, context) => forgetTransfer(transfer, context, 'imports'),
    }),
  },
  gauges: meshGauges,
  gaugeKinds: meshGaugeKinds,
  defects: {
    'detached-imports': {
      summary: 'an import is spawned and let go: half a file, its descriptor and a socket stay',
      audit: ['002-14'],
      expect: { verdict: 'leak', metric: 'tempFiles', shape: 'linear', perCycle: 0.5 },
    },
  },
});
