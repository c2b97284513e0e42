import { defineScenario, operation } from '../../harness/index.js';
import { kernelGaugeKinds, kernelGauges, kernelTarget } from './kernel-target.js';
import { registerTool, removeTool } from './tool-cycle.js';

export default defineScenario({
  name: 'schema-kernel/known-schemas',
  summary: 'a tool with one of 500 known schemas: register, call, remove',
  target: kernelTarget,
  operations: {
    tool: operation({
      create: ({ target, input }) => registerTool(target, input),
      destroy: (tool, { target }) => removeTool(tool, target),
    }),
  },
  universe: 500,
  concurrency: 8,
  gauges: kernelGauges,
  gaugeKinds: kernelGaugeKinds,
  defects: {
    'documents-per-call': {
      summary: 'no cache, and every validation keeps its parsed schema (a cycle validates twice)',
      audit: ['003-01'],
      expect: { verdict: 'leak', metric: 'gauge.keptDocuments', shape: 'linear', perCycle: 2 },
    },
    'documents-per-miss': {
      summary: 'a cache miss keeps its parsed schema: known schemas miss once',
      expect: { verdict: 'plateau' },
    },
    'unbounded-cache': {
      summary: 'a cache without eviction levels off when the schemas do',
      audit: ['003-04'],
      expect: { verdict: 'plateau' },
    },
  },
  sound: ['003-06'],
  static: {
    '003-05': 'code in tests that imitates a leak is not part of the service, so no run of the service executes it',
  },
});
