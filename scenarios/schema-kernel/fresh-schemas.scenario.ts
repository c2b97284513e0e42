import { defineScenario, operation } from '../../harness/index.js';
import { freshGaugeKinds, kernelGauges, kernelTarget } from './kernel-target.js';
import { registerTool, removeTool } from './tool-cycle.js';

export default defineScenario({
  name: 'schema-kernel/fresh-schemas',
  summary: 'a tool with a schema never seen before: register, call, remove (10,000: --cycles 250 --rounds 40)',
  target: kernelTarget,
  operations: {
    tool: operation({
      create: ({ target, input }) => registerTool(target, input),
      destroy: (tool, { target }) => removeTool(tool, target),
    }),
  },
  universe: 'fresh',
  concurrency: 8,
  gauges: kernelGauges,
  gaugeKinds: freshGaugeKinds,
  defects: {
    'documents-per-miss': {
      summary: 'a cache miss keeps its parsed schema for ever',
      audit: ['003-02'],
      expect: { verdict: 'leak', metric: 'gauge.keptDocuments', shape: 'linear', perCycle: 1 },
    },
    'remove-schema': {
      summary: 'one compiler for all schemas: removeSchema leaves names and values in its scope',
      expect: { verdict: 'leak', metric: 'heapUsed', shape: 'linear', perCycle: 6_000 },
    },
    'unbounded-cache': {
      summary: 'a cache without eviction, for schemas without end',
      audit: ['003-04'],
      expect: { verdict: 'leak', metric: 'gauge.cachedSchemas', shape: 'linear', perCycle: 1 },
    },
    'metaschema-per-schema': {
      summary: 'a compiler that compiles the metaschema as well, for each schema: sound, and several times slower',
      expect: { verdict: 'plateau' },
    },
  },
  sound: ['003-07'],
});
