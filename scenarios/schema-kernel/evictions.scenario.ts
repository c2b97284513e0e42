import { defineScenario, operation } from '../../harness/index.js';
import { freshGaugeKinds, kernelGauges, kernelTarget } from './kernel-target.js';
import { learnSchemas, registerTool, removeTool } from './tool-cycle.js';

/** Schemas in the cache of 1,000 when the run begins: it sees the last of the fill, then an eviction a cycle. */
const seenBefore = 850;

export default defineScenario({
  name: 'schema-kernel/evictions',
  summary: 'a tool with a schema never seen before, when the cache is nearly full: register, call, remove',
  target: kernelTarget,
  setup: ({ target }) => learnSchemas(target, 0, seenBefore),
  operations: {
    tool: operation({
      create: ({ target, input }) => registerTool(target, seenBefore + input),
      destroy: (tool, { target }) => removeTool(tool, target),
    }),
  },
  universe: 'fresh',
  concurrency: 8,
  // Short rounds: the cache must not be full before the run has seen what it does normally.
  cycles: 10,
  gauges: kernelGauges,
  gaugeKinds: freshGaugeKinds,
  sound: ['003-07'],
  defects: {
    'evict-deadlock': {
      summary: 'eviction takes a lock that its caller holds: nothing is answered once the cache is full',
      expect: { verdict: 'stalled' },
    },
  },
});
