import { defineScenario, operation } from '../../harness/index.js';
import { registerHandler, unregisterHandler } from './handler-cycle.js';
import { kernelGaugeKinds, kernelGauges, kernelTarget } from './kernel-target.js';

export default defineScenario({
  name: 'schema-kernel/known-handlers',
  summary: 'a handler for one of 64 tags: register, send it a message, unregister',
  target: kernelTarget,
  operations: {
    handler: operation({ create: (context) => registerHandler(context, context.input), destroy: unregisterHandler }),
  },
  universe: 64,
  concurrency: 8,
  gauges: kernelGauges,
  gaugeKinds: kernelGaugeKinds,
  defects: {
    'unregister-noop': {
      summary: 'a registry that only grows is full when all 64 tags have been seen',
      expect: { verdict: 'plateau' },
    },
  },
});
