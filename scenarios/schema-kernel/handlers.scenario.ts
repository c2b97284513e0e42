import { defineScenario, operation } from '../../harness/index.js';
import { registerHandler, unregisterHandler } from './handler-cycle.js';
import { kernelGaugeKinds, kernelGauges, kernelTarget } from './kernel-target.js';

export default defineScenario({
  name: 'schema-kernel/handlers',
  summary: 'a handler for a tag of its own: register, send it a message, unregister',
  target: kernelTarget,
  operations: {
    handler: operation({ create: (context) => registerHandler(context, context.input), destroy: unregisterHandler }),
  },
  universe: 'fresh',
  concurrency: 8,
  gauges: kernelGauges,
  gaugeKinds: kernelGaugeKinds,
  defects: {
    'unregister-noop': {
      summary: 'the registry only grows, and a message asks every handler in turn',
      audit: ['003-03'],
      expect: { verdict: 'leak', metric: 'gauge.handlers', shape: 'linear', perCycle: 1 },
    },
    'evicting-registry': {
      summary: 'nothing is unregistered, but the oldest of 1,000 makes room: fills, then stays',
      expect: { verdict: 'plateau' },
    },
  },
});
